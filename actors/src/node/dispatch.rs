//! How tasks get to the workers: the ready ones in plan order, as many as the workers and the memory take.

use super::blocks::{Blocks, Slot, TaskRef};
use super::part::PartState;
use super::ready;
use super::state::{Input, Inputs, Instruction, State};
use nums_lshs::Op;

impl State {
    /// Gives ready tasks to free workers, in plan order. The first task of a part that is not done may always start;
    /// those behind it only as far ahead as the memory of the part allows.
    pub(super) fn dispatch(&mut self, out: &mut Vec<Instruction>) {
        while self.in_flight < self.limits.weight_in_flight_max {
            let (parts, blocks) = (&self.parts, &self.blocks);
            let next = self.ready.pop_if(|TaskRef { plan, job, task }| {
                parts.get(&(job, plan)).is_none_or(|part| may_start(part, task, blocks))
            });
            let Some(task) = next else { return };
            self.start(task, out);
        }
    }

    fn start(&mut self, task: TaskRef, out: &mut Vec<Instruction>) {
        let Some(part) = self.parts.get_mut(&(task.job, task.plan)) else { return };
        let state = &mut part.tasks[task.task as usize];
        state.ahead = task.task > part.head;
        let made_bytes = state.made_bytes(&part.blocks);
        if state.ahead {
            part.memory.run_ahead(made_bytes);
        }
        let op = part.ops[state.entry.op as usize].clone();
        let mut bytes = made_bytes;
        let mut inputs = Inputs::new();
        for &input in state.inputs(&part.inputs) {
            let block = &part.blocks[input as usize];
            bytes = bytes.saturating_add(block.bytes);
            let last = self.blocks.get(block.slot);
            let take = last.is_some_and(|state| !state.kept && state.uses == 1);
            inputs.push(Input { slot: block.slot, take });
        }
        let weight = ready::weight(bytes, state.entry.flops);
        // A result that is written over an input has its memory.
        for slot in overwritten(&op, &inputs) {
            if let Some(taken) = self.blocks.get_mut(slot)
                && taken.charged == Some(task.plan)
            {
                taken.charged = None;
                part.memory.discharge(taken.bytes);
            }
        }
        part.memory.charge(made_bytes);
        let mut output = None;
        for made in state.outputs(&part.blocks) {
            let Some(made) = self.blocks.get_mut(made.slot) else { return };
            made.charged = Some(task.plan);
            output.get_or_insert(made.key.block);
        }
        let Some(output) = output else { return };
        self.in_flight += weight;
        out.push(Instruction::Run { task, weight, op, output, inputs });
    }
}

fn may_start(part: &PartState, task: u32, blocks: &Blocks) -> bool {
    let bytes = part.tasks[task as usize].made_bytes(&part.blocks);
    if task > part.head { part.memory.may_run_ahead(bytes) } else { part.has_turn(bytes, blocks) }
}

/// The inputs that the worker may write over, if the operation does that and nobody else has them.
fn overwritten(op: &Op, inputs: &[Input]) -> impl Iterator<Item = Slot> {
    let candidates = op.in_place_inputs().iter().filter_map(|&at| inputs.get(at));
    candidates.filter(|input| input.take).map(|input| input.slot)
}
