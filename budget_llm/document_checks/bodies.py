"""The name of a body in its parts, and whether two names are those of different bodies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

# How names end, longest first, and the kind of body that each says.
_KINDS = {
    "街道办事处": "街道", "镇人民政府": "镇", "乡人民政府": "乡", "人民检察院": "检察院", "人民法院": "法院", "委员会": "委", "办公室": "办",
    "检察院": "检察院", "研究院": "研究院", "研究所": "研究所", "保健院": "医院", "幼儿园": "幼儿园", "镇政府": "镇", "乡政府": "乡", "街道办": "街道",
    "法院": "法院", "医院": "医院", "街道": "街道", "中心": "中心", "学校": "学校", "学院": "学院", "大学": "大学", "小学": "小学", "中学": "中学",
    "协会": "协会", "局": "局", "厅": "厅", "委": "委", "办": "办", "馆": "馆", "站": "站", "所": "所", "镇": "镇", "乡": "乡",
}  # fmt: skip
# Where the name of an area ends; 市场, 城市, 社区, 灌区 and their like are no areas.
_AREA = re.compile(
    "省|(?<!城)市(?![场政容])|自治[区州]|(?<![社园景灌林矿牧库城郊街片小港])区(?!域)|县(?!域)|(?<=[^\n]{2})州|旗|盟"
)
_GENERAL = re.compile("管理|服务|事务|发展|建设|工作|事业|人民|中心")
# Bodies that other bodies name in their disclosures: those that ask for budgets and audits.
_SUPERVISORS = ("财政", "审计", "税务", "机关事务")
# Two bodies under one name (纪律检查委员会监察委员会) are told apart in too many ways.
_JOINED = re.compile("委员会.{0,20}[市县区省州]|纪律|监察|[市县区省州]纪")
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class Body:
    """A body's name in its parts: 重庆市綦江区 | 科学技术 | 局."""

    area: str
    stem: str
    kind: str

    @property
    def is_supervisor(self) -> bool:
        """Whether other bodies name it in their own disclosures."""
        return self.stem.startswith(_SUPERVISORS)

    def is_named_like(self, other: Body) -> bool:
        """Whether two names may be of one body: long and short form, old and new name."""
        one, two = self.stem, other.stem
        if _in_order(one, two) or _in_order(two, one):
            return True
        return bool(_pairs(one) & _pairs(two))

    def is_another_than(self, other: Body) -> bool:
        """Whether it is nearly sure that two names, both with their area, are of two bodies of one kind."""
        if self.kind != other.kind or not self.area or not other.area:
            return False
        if self.area.endswith(other.area) or other.area.endswith(self.area):
            return not self.is_named_like(other)
        return self.area[-1] == other.area[-1] and not {self.area, other.area} & {"省", "市", "区", "县"}


@lru_cache(maxsize=1024)
def body_of(name: str) -> Body | None:
    """Return the parts of a name (without brackets), None where it does not end as the names of bodies do."""
    name = "".join(name.split())
    if not 3 <= len(name) <= _LONGEST_NAME:
        return None
    ending = next((ending for ending in _KINDS if name.endswith(ending)), None)
    if ending is None:
        return None
    core = name[: -len(ending)]
    if _JOINED.search(core):
        return None
    ends = [0, *(match.end() for match in _AREA.finditer(core) if match.end() <= len(core) - 2)]
    return Body(core[: ends[-1]], core[ends[-1] :], _KINDS[ending]) if len(core) - ends[-1] >= 2 else None


def _in_order(short: str, long: str) -> bool:
    """Whether the characters of a short form stand in the long one, in their order (文旅 in 文化和旅游)."""
    rest = iter(long)
    return all(char in rest for char in short)


def _pairs(stem: str) -> set[str]:
    return {one + two for one, two in pairwise(_GENERAL.sub(" ", stem)) if " " not in (one, two)}
