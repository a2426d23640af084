"""What a plan can change, as data: each edit says what is there before, and what is there after.

An edit is compared with what is really there when it is applied. Where it finds its ``before`` it changes it; where
it finds its ``after`` already, it was applied earlier and nothing is done; where it finds anything else, somebody
else moved it and it is left alone. So a run that was killed can be taken up again, and every edit but an ``Act`` can
be turned round.
"""

from __future__ import annotations

from recovery_console.core.edits.act import Act
from recovery_console.core.edits.base import ABSENT, Absent, Edit, Target, read_edit
from recovery_console.core.edits.config import ConfigEdit
from recovery_console.core.edits.document import DocumentEdit
from recovery_console.core.edits.file import FileMode, FileMove, FileRemoval, FileText
from recovery_console.core.edits.redis import CacheDrop, HashEdit, KeyEdit, ListEdit, SetEdit, SortedSetEdit
from recovery_console.core.edits.row import RowEdit

__all__ = [
	"ABSENT",
	"Absent",
	"Act",
	"CacheDrop",
	"ConfigEdit",
	"DocumentEdit",
	"Edit",
	"FileMode",
	"FileMove",
	"FileRemoval",
	"FileText",
	"HashEdit",
	"KeyEdit",
	"ListEdit",
	"RowEdit",
	"SetEdit",
	"SortedSetEdit",
	"Target",
	"read_edit",
]
