# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Counting what passed, failed and was skipped, and running the program under test."""

import json
import multiprocessing
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
FIXTURES = os.environ.get("FWVAR_FIXTURES") or os.path.join(ROOT, "fixtures")
FWVAR = os.environ.get("FWVAR") or os.path.join(ROOT, "build", "src", "fwvar")
MKDAMAGED = os.environ.get("MKDAMAGED") or os.path.join(ROOT, "build", "tests", "mkdamaged")
QUICK = os.environ.get("FWVAR_E2E_QUICK") == "1"
JOBS = int(os.environ.get("FWVAR_E2E_JOBS") or 1)


class Failed(Exception):
    """An assertion about the firmware or the program that does not hold."""


class Skipped(Exception):
    """Something that the test needs is not there."""


def require(condition, text, *args):
    if not condition:
        raise Failed(text % args if args else text)


# (name, function, arguments) of every test; processes that are forked off find them here.
collected = []


def in_folder(number, folder):
    """Runs one test in a folder of its own, which is kept if it fails and that is wanted.
    Returns ("pass", "FAIL" or "skip", what it has to say)."""
    name, function, args = collected[number]
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    try:
        return "pass", function(*args)
    except Skipped as why:
        return "skip", str(why)
    except Failed as why:
        note = str(why)
    except Exception:  # a broken test must not hide the others
        note = traceback.format_exc()
    keep = os.environ.get("FWVAR_E2E_KEEP")
    if keep:
        target = os.path.join(keep, re.sub(r"[^A-Za-z0-9._-]", "_", name))
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(folder, target, ignore=lambda at, names: [
            n for n in names if not os.path.isfile(os.path.join(at, n))])
    return "FAIL", note


def processor_time():
    """Seconds of it that this process and those it waited for have used, which other work
    on the machine does not change much."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def timed(number, folder):
    """The same, with the seconds of processor time it took behind."""
    before = processor_time()
    return (*in_folder(number, folder), processor_time() - before)


class Suite:
    """The tests of one suite: run() collects them, finish() runs them, `jobs` at a time."""

    def __init__(self, name, jobs=JOBS):
        self.name = name
        self.jobs = jobs
        self.wanted = sys.argv[1:]

    def run(self, name, function, *args):
        name = "%s/%s" % (self.name, name)
        if not self.wanted or any(w in name for w in self.wanted):
            collected.append((name, function, args))

    def finish(self):
        """Runs all, writes the counts where run.sh looks for them, and leaves."""
        count = {"pass": 0, "FAIL": 0, "skip": 0}
        scratch = tempfile.mkdtemp(prefix="fwvar-e2e-%s." % self.name)
        with ProcessPoolExecutor(self.jobs, multiprocessing.get_context("fork")) as pool:
            running = {}
            for i, (name, _, _) in enumerate(collected):
                running[pool.submit(timed, i, os.path.join(scratch, str(i)))] = name
            for done in as_completed(running):
                what, note, seconds = done.result()
                count[what] += 1
                print("%s %s (%.1f s)%s" % (what, running[done], seconds,
                                            ": %s" % note if note else ""), flush=True)
        if collected:
            print("note %s: %.0f s of processor time" % (self.name, processor_time()))
        shutil.rmtree(scratch, ignore_errors=True)
        counts = os.environ.get("FWVAR_E2E_COUNTS")
        if counts:
            with open(counts, "a", encoding="ascii") as f:
                f.write("%d %d %d\n" % tuple(count.values()))
        else:
            print("%d passed, %d failed, %d skipped" % tuple(count.values()))
        sys.exit(1 if count["FAIL"] else 0)


def fwvar(*args, status=0, text=True):
    """Runs the program; any other exit status than the expected ones is a failure."""
    done = subprocess.run([FWVAR, *map(str, args)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=120)
    expected = status if isinstance(status, tuple) else (status,)
    require(done.returncode in expected, "fwvar %s: exit status %d: %s",
            " ".join(map(str, args))[:300], done.returncode,
            done.stderr.decode("utf-8", "replace")[-800:])
    return done.stdout.decode() if text else done.stdout


def fwvar_json(*args, status=0):
    return json.loads(fwvar(*args, "--json", status=status))


def has_command(name):
    done = subprocess.run([FWVAR, "help", name], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    return done.returncode == 0


def need_command(name):
    if not has_command(name):
        raise Skipped("this fwvar has no command `%s`" % name)


def fixture(name, target=None):
    """Unpacks a fixture into the current folder."""
    target = target or name + ".fd"
    with open(target, "wb") as f:
        subprocess.run(["gzip", "-dc", os.path.join(FIXTURES, name + ".fd.gz")],
                       stdout=f, check=True)
    return target
