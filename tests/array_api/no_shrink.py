"""A plugin of pytest: a failing example is reported as it was found, since tests that are known to fail need no smaller one."""

from hypothesis import Phase, settings

settings.register_profile("no shrink", phases=[Phase.explicit, Phase.generate])
settings.load_profile("no shrink")
