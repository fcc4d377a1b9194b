"""A short block ends before a signal to stop has its effect."""

from __future__ import annotations

import os
import signal

import pytest

from nfi.interruption import undisturbed, watched

on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@on_posix
def test_a_signal_waits_for_the_end_of_the_block() -> None:
    done = []
    with watched() as interruption:
        with pytest.raises(KeyboardInterrupt), undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("all of it")
        assert interruption.signal == signal.SIGINT
    assert done == ["all of it"]


@on_posix
def test_signals_work_as_before_when_the_block_has_ended() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with undisturbed():
        assert signal.getsignal(signal.SIGTERM) is before or before is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is before


@on_posix
def test_a_signal_without_a_handler_is_left_alone() -> None:
    with undisturbed():
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
