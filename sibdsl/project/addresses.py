"""The address of a database of records, as a call or a project file writes it. A password in it is refused, and never shown.

Source of the rules: records reference, 'Databases'.
"""

from __future__ import annotations

import os
import re
from enum import Enum
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import field, frozen

from sibdsl import marks
from sibdsl.diagnostics import Diagnostic, Refused, nearest


class DatabaseKind(Enum):
    """The kinds of databases that are read, as an address begins."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


#: How an address may begin -> the kind it names.
_SCHEMES = {
    "sqlite": DatabaseKind.SQLITE,
    "postgresql": DatabaseKind.POSTGRESQL,
    "postgres": DatabaseKind.POSTGRESQL,
}
#: What may stand behind `?` in the address of a server, by the names that its own library has for them.
_SETTINGS = ("connect_timeout", "host", "port", "sslmode", "sslrootcert", "user")
#: A name of the environment that stands for what it holds.
_NAME = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
#: Names of the environment that a project file may send to a server.
_OWN_NAMES = "SIB_"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):", re.ASCII)

_SQLITE = (
    "Write such as `sqlite:///records.db`, or with four strokes from the root: `sqlite:////data/records.db`."
)
_SERVER = "Write such as `postgresql://reader@db.example.org/outcomes`; the password comes from PGPASSWORD or ~/.pgpass."


@frozen
class DatabaseAddress:
    """Where a database is. `shown` is it as it was written, which holds no password; `path` is the file of an SQLite one.

    `settings` are what the library of a server is told, with what the environment holds put in; they are never shown.
    `secrets` are what was taken from the environment, each with the name that stands for it in messages.
    `of_project` says that a project file has it, which may do less than a call.
    """

    kind: DatabaseKind
    shown: str
    path: Path | None = None
    settings: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    of_project: bool = False

    def __str__(self) -> str:
        return self.shown

    def hidden(self, text: str) -> str:
        """A text of others, such as a server's, without what came from the environment."""
        for value, name in self.secrets:
            text = text.replace(value, name)
        return marks.one_line(text)


#: Where a call or a project file says that records are.
RecordsGiven: TypeAlias = Path | DatabaseAddress


def is_address(text: str) -> bool:
    """Whether a text is meant as an address rather than as a path."""
    scheme = _SCHEME.match(text)
    return scheme is not None and (scheme[1].lower() in _SCHEMES or text[scheme.end() :].startswith("//"))


def may_hold_password(text: str) -> bool:
    """Whether a line of text could hold an address with a password written out, and so is not shown."""
    return re.search(r":.*:.*@|password", text, re.IGNORECASE) is not None


def read(text: str, *, folder: Path | None = None, where: str = "") -> DatabaseAddress:
    """Read an address. `folder` is that of a project file, from which a file's path then begins; `where` says where it stands.

    Raises Refused for what is no address of a database that is read (SIB0785), or holds a password (SIB0786).
    """
    front = f"{where}: " if where else ""
    scheme = (_SCHEME.match(text) or [text, text])[1].lower()
    kind = _SCHEMES.get(scheme)
    if kind is None:
        near = nearest(scheme, _SCHEMES)
        raise _wrong(
            f"{front}records cannot be read from an address that begins `{marks.one_line(scheme)}:`.",
            (f"Did you mean `{near}://`? " if near else "")
            + "What can be read is `sqlite:///FILE` and `postgresql://HOST/DATABASE`.",
        )
    if kind is DatabaseKind.SQLITE:
        return _file(text, folder, front)
    return _server(text, front, of_project=folder is not None)


def _file(text: str, folder: Path | None, front: str) -> DatabaseAddress:
    shown = marks.one_line(text)
    path = unquote(text.partition("://")[2]) if "://" in text else ""
    # Three strokes and a name is a file from the working folder; four, one from the root.
    if not path.startswith("/") or len(path) < 2 or "?" in path or "\0" in path:
        if may_hold_password(text):
            raise _password(front)
        raise _wrong(f"{front}`{shown}` does not say which file the database is.", _SQLITE)
    file = Path(path[1:])
    return DatabaseAddress(
        DatabaseKind.SQLITE,
        shown,
        file if folder is None else folder / file,
        of_project=folder is not None,
    )


def _server(text: str, front: str, *, of_project: bool) -> DatabaseAddress:
    try:
        parts = urlsplit(text)
        named = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        if may_hold_password(text):
            raise _password(front) from None
        raise _wrong(f"{front}this is no address of a database.", _SERVER) from None
    user, _, host = parts.netloc.rpartition("@")
    user, _, password = user.partition(":")
    rest = parts.path + parts.query + parts.fragment + host + user
    whole_name = _NAME.fullmatch(password) is not None
    if (password and not whole_name) or "@" in rest or any("password" in key.lower() for key, _ in named):
        raise _password(front)
    if not host and not any(key == "host" for key, _ in named):
        raise _wrong(f"{front}`{marks.one_line(text)}` names no host.", _SERVER)
    if parts.fragment or "/" in parts.path[1:]:
        raise _wrong(f"{front}`{marks.one_line(text)}` has more than a host and a database.", _SERVER)
    for key, _ in named:
        if key not in _SETTINGS:
            near = nearest(key, _SETTINGS)
            raise _wrong(
                f"{front}an address of a database has no setting `{marks.one_line(key)}`.",
                f"Did you mean `{near}`?" if near else f"The settings are: {', '.join(_SETTINGS)}.",
            )
    at, _, port = host.rpartition(":") if re.search(r":(\d+|\$\w+)$", host) else (host, "", "")
    written = [
        ("host", at.strip("[]")),
        ("port", port),
        ("user", user),
        ("password", password),
        ("dbname", parts.path[1:]),
        *named,
    ]
    secrets: dict[str, str] = {}
    settings = {key: _filled(value, secrets, front, of_project=of_project) for key, value in written if value}
    return DatabaseAddress(
        DatabaseKind.POSTGRESQL,
        marks.one_line(text),
        settings=tuple(settings.items()),
        # The longest first, so that none is left over where one is part of another.
        secrets=tuple(sorted(secrets.items(), key=lambda pair: -len(pair[0]))),
        of_project=of_project,
    )


def _filled(value: str, secrets: dict[str, str], front: str, *, of_project: bool) -> str:
    """What is written, with what the environment holds for each `$NAME`."""

    def held(name: re.Match[str]) -> str:
        if of_project and not name[1].startswith(_OWN_NAMES):
            raise _wrong(
                f"{front}a project file may take only names from the environment that begin `{_OWN_NAMES}`, and this is `{name[0]}`.",
                f"Call it `${_OWN_NAMES}{name[1]}`, or give the address on the command.",
            )
        found = os.environ.get(name[1], "")
        if not found:
            raise _wrong(
                f"{front}`{name[0]}` stands in the address of the database, and the environment has nothing of that name.",
                f"Set it before the call, as in `export {name[1]}=...`.",
            )
        secrets[found] = name[0]
        return found

    return _NAME.sub(held, unquote(value))


def _wrong(message: str, way_out: str) -> Refused:
    return Refused(Diagnostic("SIB0785", message, help=way_out))


def _password(front: str) -> Refused:
    return Refused(
        Diagnostic(
            "SIB0786",
            f"{front}the address of the database has a password written out, or could have. It is not shown, and was not used.",
            help="Take it out, and put the password into PGPASSWORD or ~/.pgpass; or write the name of one of the environment in its "
            "place: `postgresql://reader:$SIB_PASSWORD@host/database`.",
        )
    )
