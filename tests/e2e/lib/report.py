# SPDX-License-Identifier: BSD-2-Clause-Patent
"""Counting what passed, failed and was skipped, and running the program under test."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
FIXTURES = os.environ.get("FWVAR_FIXTURES") or os.path.join(ROOT, "fixtures")
FWVAR = os.environ.get("FWVAR") or os.path.join(ROOT, "build", "src", "fwvar")
QUICK = os.environ.get("FWVAR_E2E_QUICK") == "1"
JOBS = int(os.environ.get("FWVAR_E2E_JOBS") or 1)


class Failed(Exception):
    """An assertion about the firmware or the program that does not hold."""


class Skipped(Exception):
    """Something that the test needs is not there."""


def require(condition, text, *args):
    if not condition:
        raise Failed(text % args if args else text)


class Suite:
    """Runs the tests of one suite, each in a folder of its own. A folder of a failed test
    is kept when FWVAR_E2E_KEEP names a place for it."""

    def __init__(self, name):
        self.name = name
        self.passed = self.failed = self.skipped = 0
        self.wanted = sys.argv[1:]
        self.scratch = tempfile.mkdtemp(prefix="fwvar-e2e-%s." % name)

    def run(self, name, function, *args):
        if self.wanted and not any(w in name for w in self.wanted):
            return
        folder = os.path.join(self.scratch, re.sub(r"[^A-Za-z0-9._-]", "_", name))
        os.makedirs(folder, exist_ok=True)
        before = os.getcwd()
        os.chdir(folder)
        try:
            note = function(*args)
            self.passed += 1
            self.say("pass", name, note)
        except Skipped as why:
            self.skipped += 1
            self.say("skip", name, why)
        except Failed as why:
            self.fail(name, folder, str(why))
        except Exception:  # a broken test must not hide the others
            self.fail(name, folder, traceback.format_exc())
        finally:
            os.chdir(before)
            shutil.rmtree(folder, ignore_errors=True)

    def fail(self, name, folder, why):
        self.failed += 1
        self.say("FAIL", name, why)
        keep = os.environ.get("FWVAR_E2E_KEEP")
        if keep:
            target = os.path.join(keep, self.name, os.path.basename(folder))
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(folder, target)

    def say(self, what, name, note=None):
        print("%s %s/%s%s" % (what, self.name, name, ": %s" % note if note else ""),
              flush=True)

    def finish(self):
        """Writes the counts where run.sh looks for them, and leaves."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        counts = os.environ.get("FWVAR_E2E_COUNTS")
        if counts:
            with open(counts, "a") as f:
                f.write("%d %d %d\n" % (self.passed, self.failed, self.skipped))
        else:
            print("%d passed, %d failed, %d skipped"
                  % (self.passed, self.failed, self.skipped))
        sys.exit(1 if self.failed else 0)


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
