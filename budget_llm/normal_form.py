"""The form in which words are compared: width of characters, white space, quotes and traditional writing set aside."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_TRADITIONAL = str.maketrans(
    "預決經費額撥財購務運車輛國資營業單數計長減總結轉構設機關職責組織編輯實際處級績標評價門開會訓團項類與較無變動維護貨員離養險醫療補貼獎勵學佔為採餘屬個劃號據衛農環鄉區縣廳應執幹備臺辦電郵產達壓漲淨節隊兩係於從綜體專領導場館調億萬術勞現絡聯齡課題證記錄書發協約點選歲間後來對時過進還這樣種話說讀寫見觀認識視規詳誤該諮詢請論譯貧買賣賓貸",
    "预决经费额拨财购务运车辆国资营业单数计长减总结转构设机关职责组织编辑实际处级绩标评价门开会训团项类与较无变动维护货员离养险医疗补贴奖励学占为采余属个划号据卫农环乡区县厅应执干备台办电邮产达压涨净节队两系于从综体专领导场馆调亿万术劳现络联龄课题证记录书发协约点选岁间后来对时过进还这样种话说读写见观认识视规详误该咨询请论译贫买卖宾贷",
)


# The rest of the script of tables and headings: codes, columns, places, things.
_TRADITIONAL |= str.maketrans(
    "碼欄註網線鐵舊縮寬圖園複隻橋礦藥廣寧衝儲齊藝聲飛魚鳥糧優禮儀擴檔繳稅償債擔損壞撫舉顧築樓層燈訊號漁獸獎臨條雜誌購併啟鑑館處員詢購給週歷曆內災禦滿傳統僅將稱",
    "码栏注网线铁旧缩宽图园复只桥矿药广宁冲储齐艺声飞鱼鸟粮优礼仪扩档缴税偿债担损坏抚举顾筑楼层灯讯号渔兽奖临条杂志购并启鉴馆处员询购给周历历内灾御满传统仅将称",
)

_PLAIN = {**_TRADITIONAL, **dict.fromkeys(map(ord, "“”\"'‘’「」『』 \t\r\n\v\f\x85\u2028\u2029\u3000\ufeff"))}


# Superscript digits are marks of notes: 基本支出² is 基本支出.
_NOTE_MARKS = dict.fromkeys(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"))


def simplify(text: str) -> str:
    """Return a text with the traditional characters of the genre in simplified form; every offset stays."""
    return text.translate(_TRADITIONAL)


def normalise(label: str) -> str:
    """Return the form in which labels are compared: half-width, without white space and quotes, simplified."""
    return _kept(label) if len(label) <= _SHORT else _normal(label)


def _normal(label: str) -> str:
    return unicodedata.normalize("NFKC", label.translate(_NOTE_MARKS)).translate(_PLAIN)


# Labels and headers come again and again; long texts do not.
_SHORT = 40
_kept = lru_cache(maxsize=16_384)(_normal)
_normal_character = cache(normalise)


def squeeze(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """Return `text[start:end]` normalised, with the offset in `text` of each of its characters."""
    plain: list[str] = []
    offsets: list[int] = []
    for offset in range(start, end):
        for char in _normal_character(text[offset]):
            plain.append(char)
            offsets.append(offset)
    return "".join(plain), offsets


# Words in a label that name no item: stages, sums, verbs, directions.
_EMPTY_WORDS = re.compile(
    r"20[0-9]{2}年度?|[0-9.,%()（）:：、—≥≤<>=-]+|年初|年末|全年|本年|当年|上年|调整后?|预算|决算|执行|实际|完成|安排|支出|收入|经费|资金|金额"
    r"|总额|合计|总计|其中|包括|截至|同比|达到|指标|权重|得分率?|分析|根据|标准|数|额|目标|年度|不?[高低少]于|超过|不?[超]过|该|得|按|中|有|等|的|为|是|共|计|约|占|比|较|与|和|了|率|本|各|项"
)


def telling(label: str) -> frozenset[str]:
    """Return the characters of a label that tell which item it names."""
    return frozenset(_EMPTY_WORDS.sub("", normalise(label)))


def share_words(one: str, other: str) -> bool:
    """Whether two labels may name the same item: a third of the telling characters of the shorter is in the longer."""
    a, b = telling(one), telling(other)
    return not a or not b or 3 * len(a & b) >= min(len(a), len(b))
