"""Ray with two workers of one thread."""

import ray

TITLE = "ray"


def tasks(count):
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")

    @ray.remote
    def identity(x):
        return x

    return lambda: float(sum(ray.get([identity.remote(i) for i in range(count)])))
