"""Builds `.venv` from nothing but Python's standard library: uv first, then what `uv.lock` holds, then atencion itself.

Every download is checked against a hash: `tools/uv.txt` holds uv's own, `uv.lock` all others. Packages come from the
index that pip is configured for on this machine, which uv does not know of by itself.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
OLDEST = (3, 11)


def main() -> None:
    """Bring `.tools` and `.venv` up to date; doing it again changes nothing."""
    check_python()
    uv = install_uv()
    environment = os.environ | uv_settings()
    environment.pop("VIRTUAL_ENV", None)

    def run(*arguments: str) -> None:
        subprocess.run([uv, *arguments], cwd=ROOT, env=environment, check=True)

    if not same_python(VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        run("venv", "--quiet", "--python", sys.executable, str(VENV))
    requirements = str(TOOLS / "requirements.txt")
    run("export", "--quiet", "--frozen", "--all-extras", "--no-emit-project", "--output-file", requirements)
    python = str(VENV / "bin" / "python")
    run("pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", python, requirements)
    run("pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--python", python, "--editable", ".")


def check_python() -> None:
    """Say what is missing on this machine, and what mends it, before anything is built."""
    if sys.version_info < OLDEST:
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {version}. Try: make setup PYTHON=python3.12")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
        sys.exit(
            f"{sys.executable} cannot make virtual environments: Debian and Ubuntu ship that apart.\n"
            f"Install it (as root: apt install python{minor}-venv) and run make again."
        )


def install_uv() -> str:
    """The path of the pinned uv, installed by pip in an environment of its own."""
    wanted = (ROOT / "tools" / "uv.txt").read_text()
    stamp = TOOLS / "uv.txt"
    if not (same_python(TOOLS) and stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(TOOLS, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(TOOLS)], check=True)
        pip("install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "tools" / "uv.txt"))
        stamp.write_text(wanted)
    return str(TOOLS / "bin" / "uv")


def uv_settings() -> dict[str, str]:
    """uv's settings for what pip is configured for: index, certificates, trusted hosts."""
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_HTTP_TIMEOUT": "180", "UV_NO_CONFIG": "1"}
    configured = pip_configuration()
    certificate, trusted = configured.get("cert"), configured.get("trusted-host")
    extra = [url for url in configured.get("extra-index-url", "").split() if url.startswith("http")]
    for variable, value in {
        "UV_DEFAULT_INDEX": configured.get("index-url"),
        "UV_INDEX": " ".join(extra),
        "SSL_CERT_FILE": certificate,
        "UV_INSECURE_HOST": trusted,
    }.items():
        if value and variable not in os.environ:
            settings[variable] = value
    return settings


def pip_configuration() -> dict[str, str]:
    """What `pip config list` says, the environment before `[install]` before `[global]`."""
    found: dict[str, tuple[int, str]] = {}
    ranks = {"global": 0, "install": 1, ":env:": 2}
    for line in pip("config", "list").splitlines():
        name, separator, quoted = line.partition("=")
        section, _dot, option = name.rpartition(".")
        if separator and section in ranks and ranks[section] >= found.get(option, (0, ""))[0]:
            found[option] = (ranks[section], str(ast.literal_eval(quoted)))
    return {option: value for option, (_rank, value) in found.items()}


def pip(*arguments: str) -> str:
    command = [str(TOOLS / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def same_python(environment: Path) -> bool:
    """Whether a virtual environment exists, runs, and was made by this very version of Python."""
    python = environment / "bin" / "python"
    if not python.exists():
        return False
    asked = [str(python), "-c", "import sys; print(sys.version)"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() == sys.version


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"setup stopped: {Path(str(error.cmd[0])).name} ended with code {error.returncode}; its message is above"
        )
