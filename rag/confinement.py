"""Giving up the file system for good, by Landlock (Linux 5.13 and later; kernel documentation, userspace-api)."""

import ctypes
import os
import sysconfig
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_NO_NEW_PRIVS = 38  # PR_SET_NO_NEW_PRIVS

# Every file right that a version of the interface knows; naming one that it does not know is an error.
_FILE_RIGHTS = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_READ = 0b1101  # execute, read file, read directory

_SYSTEM_CODE = ("/usr/lib", "/lib", "/lib64")


class _PathBeneath(ctypes.Structure):
    """``struct landlock_path_beneath_attr``."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def close_files() -> bool:
    """Let this thread, and those it starts, open nothing but program code to read; False where the kernel can't.

    What is open stays open. Threads that run already are not bound, so call it while there is one.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    if version < 1:
        return False
    rights = ctypes.c_uint64(_FILE_RIGHTS[min(version, max(_FILE_RIGHTS))])
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rights), ctypes.sizeof(rights), 0)
    if ruleset < 0:
        return False
    try:
        _allow_reading(libc, ruleset, code_folders())
        libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def code_folders() -> set[str]:
    """Where the interpreter finds modules that it loads late (codecs, for one), and shared libraries."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return {sysconfig.get_path(name) for name in names} | set(_SYSTEM_CODE)


def _allow_reading(libc: ctypes.CDLL, ruleset: int, folders: Iterable[str]) -> None:
    for folder in folders:
        try:
            descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        rule = _PathBeneath(_READ, descriptor)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
        os.close(descriptor)
