"""A serving process gives large pieces of memory back, whatever has been at work in it."""

import subprocess
import sys

MEGABYTE = 1024 * 1024
PIECE = 16 * MEGABYTE
"""What Django's hasher of passwords (scrypt) takes for each try."""
_CHECKS_PASSWORDS = """
import ctypes, hashlib, sys, threading
from tongban.site.allocating import bound_memory

class Counts(ctypes.Structure):  # struct mallinfo2
    _fields_ = [(name, ctypes.c_size_t) for name in
        "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()]

def checks():
    for _time in range(3):
        hashlib.scrypt(b"password", salt=b"salt", n=2**14, r=8, p=1, maxmem=2**26)

if "bounded" in sys.argv:
    bound_memory()
threads = [threading.Thread(target=checks) for _number in range(3)]
for one in threads:
    one.start()
for one in threads:
    one.join()
system = ctypes.CDLL(None)
system.mallinfo2.restype = Counts
print(system.mallinfo2().fordblks)
"""


def _kept_free(*words: str) -> int:
    """Return how many bytes a process of its own keeps free after three threads have each checked three passwords."""
    told = subprocess.run([sys.executable, "-c", _CHECKS_PASSWORDS, *words], capture_output=True, text=True, check=True)
    return int(told.stdout)


def test_what_passwords_took_is_given_back() -> None:
    """Left to itself glibc keeps the memory of at least one of them; if it no longer does, this test shows nothing."""
    assert _kept_free() >= PIECE
    assert _kept_free("bounded") < 4 * MEGABYTE
