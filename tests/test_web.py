"""Web pages to documents: the main text, the tables with their merged cells, nothing of the site around them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget_llm.document import Document
from budget_llm.errors import EmptyInputError, FormatError, InputError
from budget_llm.formats.limits import Limits
from budget_llm.formats.web import read_web
from tests.office_files import checked


def page(body: str) -> str:
    """Return the text that is read from a page with this body."""
    return checked(read_web(f"<html><body>{body}</body></html>".encode(), "a.html", Limits())).text


TEXTS = [
    ("<p>一、收入</p><p>二、支出</p>", "一、收入\n二、支出\n"),
    ("<p>收入<b>100.50</b><font color=red>万</font>元</p>", "收入100.50万元\n"),
    ("<p>一、收入<br>二、支出<br/>三</p>", "一、收入\n二、支出\n三\n"),
    ("<p>&nbsp;&emsp;&#12288;一、收入 </p>", "一、收入\n"),
    ("<p>收&emsp;入&nbsp;10</p>", "收 入 10\n"),
    ("<p>收入\n      支出 10\n  20</p>", "收入支出 10 20\n"),
    ("<p>收\u200b入\ufeff</p>", "收入\n"),
    ("<div>甲<div>乙</div>丙</div>", "甲\n乙\n丙\n"),
    ("<ul><li>甲<li>乙</ul>", "甲\n乙\n"),
    ("<pre>甲 1\n乙 2</pre>", "甲 1\n乙 2\n"),
    ("<p>甲<script>var a='<div>';</script><style>p{}</style><!-- <p>注 -->乙</p>", "甲乙\n"),
    ("<nav>首页</nav><p>预算</p><noscript>请启用脚本</noscript><button>打印</button><select><option>1</select>", "预算\n"),
    ("<header>某网站</header><div class='breadcrumb'>首页 &gt; 公开</div><p>2024年部门预算说明</p><footer>版权</footer>",
     "2024年部门预算说明\n"),
    ("<p>2024年预算</p><p style='DISPLAY : none'>旧稿</p><p hidden>旧稿</p><span style='visibility:hidden'>旧</span>",
     "2024年预算\n"),
    ("<form><input>搜索</form><form><p>" + "预算说明" * 50 + "</p></form>", "预算说明" * 50 + "\n"),
    ("<p>1 < 2 & 3 &lt; 4</p>", "1 < 2 & 3 < 4\n"),
    ("<p title=\"a>b\" class=a\"\">甲</p>", "甲\n"),
    ("<b><p>甲</b>乙</p>丙", "甲乙\n丙\n"),
    ("<div/>甲<span/>乙", "甲乙\n"),
    ("<p>甲<!-->乙</p>", "甲乙\n"),
    ("<p>甲<select>乙", "甲乙\n"),
    ("<p>收入12.5<sup>1</sup>万元，3m<sup>2</sup>", "收入12.5¹万元，3m²\n"),
    ("<p>收入<del>5</del><s>6</s><strike>7</strike><ins>8</ins>万元", "收入8万元\n"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text"), TEXTS)
def test_blocks_are_lines_and_inline_elements_are_not(body: str, text: str) -> None:
    """What a reader sees as one line is one, without what the site puts around it."""
    assert page(body) == text


def read(body: str) -> Document:
    """Return the checked document of a page with this body."""
    return checked(read_web(f"<html><body>{body}</body></html>".encode(), "a.html", Limits()))


DUTIES = "<p>本部门认真履行职责，落实各项工作任务。</p>" * 60
FEES = "<table><tr><th>项目<th>预算数<th>占比<tr{}><td>会议费<td{}>61.20<td>12.5%</table>"
FEES_TEXT = [["项目", "预算数", "占比"], ["会议费", "61.20", "12.5%"]]


@pytest.mark.parametrize(
    "table",
    [
        FEES.format("", " class=share"),
        FEES.format(" class=table-footer", ""),
        FEES.format("", "").replace("<tr>", "<thead class=header><tr>"),
        FEES.format("", "").replace("<tr>", "<tbody id=foot><tr>"),
        FEES.format("", "").replace("61.20", "<span class=share>61.20</span>"),
        FEES.format("", "").replace("<table>", "<table class=menu>"),
    ],
)
def test_no_part_of_a_table_is_the_sites_furniture(table: str) -> None:
    """A column may be called share, a row of totals a footer."""
    assert [found.texts() for found in read(DUTIES + table + DUTIES).tables] == [FEES_TEXT]


@pytest.mark.parametrize(
    "outside",
    [
        "<p>合计支出<b>999.99</b> 万元</p>",
        "<p>完成率为98％</p>",
        "<table><tr><td>项目<td>采购方式<tr><td>会议<td>公开招标</table>",
        "<p>注：本表无数据</p>",
        "<p>备注：无</p>",
        "<p>单位：万元</p>",
        "<p>表一 项目目录</p>",
        "<p>部门收支总表（续）</p>",
    ],
)
@pytest.mark.parametrize("name", ["zoom", "anything"])
@pytest.mark.parametrize("before", [True, False])
def test_nothing_of_the_disclosure_is_left_outside_the_main_content(outside: str, name: str, before: bool) -> None:
    """A container is not chosen where a table, an amount, a unit or a note stands beside it."""
    main = f"<div id={name}>{DUTIES * 4}</div>"
    beside = f"<div>{outside}</div>"
    text = read(beside + main if before else main + beside).text
    first = outside.replace("<b>", "").replace("</b>", "").split(">")[-2].split("<")[0].strip()
    assert first in text


@pytest.mark.parametrize(
    "outside",
    [
        "<p>主办单位：某市政府</p>",
        "<p>网站地图</p>",
        "<p><a href=a>附件：部门收支总表</a></p>",
        "<table><tr><td><a href=a>要闻</a><td><a href=b>公开</a><tr><td><a href=c>服务</a><td><a href=d>互动</a></table>",
        "<div class=footer>主办单位：某市政府</div>",
        "<table><tr><td>索 引 号：<td>A-1<td>发布机构：<td>某局<tr><td>主题分类：<td>财政<td>有效性：<td>有效</table>",
    ],
)
def test_the_site_around_the_main_content_is_left_out(outside: str) -> None:
    """Links, and lines that say nothing of a budget, do not widen what is read."""
    duties = read(DUTIES).text
    assert read(f"<div id=zoom>{DUTIES}</div><div>{outside}</div>").text == duties


@pytest.mark.parametrize(
    "furniture",
    [
        "<header><p>{}</p></header>",
        "<form>{}</form>",
        "<div class=share>{}</div>",
        "<ul>" + "<li><a href=a>{}</a>" * 5 + "</ul>",
    ],
)
@pytest.mark.parametrize("line", ["收入合计123.45万元", "单位：万元"])
def test_what_looks_like_furniture_but_holds_amounts_is_read(furniture: str, line: str) -> None:
    """The heading of a table may stand in a header, an amount in a list of links."""
    assert line in read(DUTIES + furniture.format(line, line, line, line, line) + DUTIES).text


@pytest.mark.parametrize(
    ("hidden", "left_out"),
    [
        ("<p>" + "上年度部门支出情况说明。" * 20 + "</p>", ("隐藏的内容“上年度部门支出情况说明。上年度部门支出情…”",)),
        (FEES.format("", ""), ("隐藏的内容“项目 预算数 占比 会议费 61.20 …”",)),
        ("<p>请稍候</p>", ()),
        ("<p><a href=a>" + "栏目导航" * 60 + "</a></p>", ()),
    ],
)
def test_a_hidden_part_of_weight_is_named(hidden: str, left_out: tuple[str, ...]) -> None:
    """A tab that is not shown may hold another year: it is not read, and the result says so."""
    document = read(f"{DUTIES}<div style='display:none'>{hidden}</div>")
    assert document.text == read(DUTIES).text
    assert document.left_out == left_out


def test_struck_out_text_is_named_once() -> None:
    """It is not read, and the result says so."""
    assert read("<p>收入<del>5</del>8</p><p>支出<s>6</s>9</p>").left_out == ("删除线文字",)
    assert read("<p>收入8<del></del></p>").left_out == ()


def test_a_table_with_the_long_text_of_a_goal_stays_a_table() -> None:
    """Rows of three filled cells are no layout, however long one of the cells is."""
    goal = "完成水利工程建设任务。" * 200
    rows = f"<tr><td>项目<td>预算数<td>执行率<tr><td>水利<td>61.20<td>98%<tr><td>目标<td>{goal}<td>完成"
    assert [len(table.cells) for table in read(f"<table>{rows}</table>").tables] == [9]
    assert read(f"<table><tr><td>栏目<td>{goal}<td>登录</table>").tables == ()


def test_the_main_content_is_found_with_the_title_before_it() -> None:
    """A known container with nearly all of the prose is read, and the heading above it."""
    prose = "".join(f"<p>{i}、2024年一般公共预算支出{i}.50万元。</p>" for i in range(30))
    menu = "".join(f"<li><a href=/{i}>栏目{i}</a></li>" for i in range(9))
    text = page(f"<ul>{menu}</ul><h1>某局2024年预算</h1><p>字号</p><div id=zoom>{prose}</div><div>主办</div>")
    assert text.startswith("某局2024年预算\n0、2024年")
    assert text.endswith("29、2024年一般公共预算支出29.50万元。\n")
    assert "栏目" not in text


def test_a_page_in_two_containers_is_read_whole() -> None:
    """Where the known container holds only a part, the rest is kept as well."""
    assert page("<div class=content><p>一、收入100万元</p></div><div><p>二、支出100万元</p></div>") == (
        "一、收入100万元\n二、支出100万元\n"
    )


@pytest.mark.parametrize("style", ["hidden", "style='display:none'", "class=footer"])
def test_what_holds_most_of_the_page_is_read_whatever_it_is_called(style: str) -> None:
    """A script may show it; nothing of the disclosure may be lost."""
    assert page(f"<p>标题</p><div {style}><p>2024年收入100万元</p></div>") == "标题\n2024年收入100万元\n"


TABLES = [
    ("<table><tr><td>项目<td>金额<tr><td>办公费<td>1.50</table>", [["项目", "金额"], ["办公费", "1.50"]]),
    ("<table><tfoot><tr><td>合计<td>9</tfoot><thead><tr><th>项目<th>金额</thead><tbody><tr><td>办公费<td>9</table>",
     [["项目", "金额"], ["办公费", "9"], ["合计", "9"]]),
    ("<table><tr><td rowspan=2>科目<td colspan=2>支出<tr><td>基本<td>项目<tr><td>办公<td>1<td>2</table>",
     [["科目", "支出", ""], ["", "基本", "项目"], ["办公", "1", "2"]]),
    ("<table><tr><td>一<td>二<tr><td rowspan=99999>甲<td>1<tr><td>2</table>", [["一", "二"], ["甲", "1"], ["", "2"]]),
    ("<table><tr><td>一<td>二<tr><td rowspan=0>甲<td>1<tr><td>2</table>", [["一", "二"], ["甲", "1"], ["", "2"]]),
    ("<table><tr><td><p>一般公共</p><p>预算</p><td>12<br>34</table>", [["一般公共预算", "12 34"]]),
    ("<table><tr><td>甲<td>1<td><tr><td>乙<td><td><tr><td><td><td></table>", [["甲", "1"], ["乙", ""]]),
    ("<table><tr><td>甲<td>乙<td>丙<tr><td>1<td>2<td>3<tr><td>4<td>5<td><table><tr><td>6<td>7</table></table>",
     [["甲", "乙", "丙"], ["1", "2", "3"], ["4", "5", "6 7"]]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "texts"), TABLES)
def test_tables_have_their_cells_where_the_page_shows_them(body: str, texts: list[list[str]]) -> None:
    """Merged cells stand once, at their first place; feet last; empty edges are cut off."""
    document = checked(read_web(body.encode(), "a.html", Limits()))
    assert [table.texts() for table in document.tables] == [texts]


def test_merged_cells_know_what_they_cover() -> None:
    """Spans end with the table."""
    body = "<table><tr><td rowspan=2>科目<td colspan=2>支出<tr><td>基本<td>项目<tr><td rowspan=500>甲<td colspan=900>1</table>"
    (table,) = checked(read_web(body.encode(), "a.html", Limits())).tables
    spans = {cell.text: (cell.rows, cell.columns) for cell in table.cells}
    assert spans == {"科目": (2, 1), "支出": (1, 2), "基本": (1, 1), "项目": (1, 1), "甲": (1, 1), "1": (1, 2)}


def test_captions_and_lines_over_all_columns_come_before_the_table() -> None:
    """Title and unit are text, the table begins with its header."""
    document = checked(
        read_web(
            "<p>前</p><table><caption>表一</caption><tr><td colspan=2>收支总表<tr><td colspan=2>单位：万元"
            "<tr><td>项目<td>金额<tr><td>合计<td>1</table><p>后</p>".encode(), "a.html", Limits(),
        )
    )  # fmt: skip
    assert document.text == "前\n表一\n收支总表\n单位：万元\n\n项目\t金额\n合计\t1\n\n后\n"
    assert [table.texts() for table in document.tables] == [[["项目", "金额"], ["合计", "1"]]]


def test_a_table_for_layout_is_read_as_what_it_holds() -> None:
    """Its paragraphs are paragraphs and the table in it is the table."""
    inner = "<table><tr><td>项目<td>金额<tr><td>合计<td>1</table>"
    document = checked(
        read_web(f"<table><tr><td>左<td><p>一、收入</p>{inner}<p>二</p></table>".encode(), "a.html", Limits())
    )
    assert document.text == "左\n一、收入\n\n项目\t金额\n合计\t1\n\n二\n"
    assert len(document.tables) == 1


HTML = "<meta charset={}><p>某局2024年预算，收入１００万元。</p>"
TEXT = "某局2024年预算，收入１００万元。\n"


@pytest.mark.parametrize(
    ("raw", "charset", "encoding"),
    [
        (HTML.format("utf-8").encode(), None, "utf-8"),
        (HTML.format("gb2312").encode("gb18030"), None, "gb18030"),
        (HTML.format("GBK").encode("gb18030"), None, "gb18030"),
        (HTML.format("utf-8").encode("gb18030"), "gbk", "gb18030"),
        (HTML.format("utf-8").encode("gb18030"), None, "gb18030"),
        (HTML.format("iso-8859-1").encode(), "latin-1", "utf-8"),
        (HTML.format("no-such-thing").encode("gb18030"), "base64", "gb18030"),
        (HTML.format("gbk").encode("utf-8-sig"), "gbk", "utf-8-sig"),
        (HTML.format("gbk").encode("utf-16"), None, "utf-16"),
        (HTML.format("utf-8").encode("utf-16-le"), None, "utf-16-le"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">' + HTML[17:].encode("gb18030"), None, "gb18030"),
    ],
)  # fmt: skip
def test_the_charset_is_told_by_mark_header_meta_and_bytes(raw: bytes, charset: str | None, encoding: str) -> None:
    """A byte order mark comes first, then the HTTP header, the page itself, and what the bytes allow."""
    document = read_web(raw, "a.html", Limits(), charset=charset)
    assert (document.text, document.encoding, document.format) == (TEXT, encoding, "html")


def test_a_broken_byte_does_not_cost_the_page_but_binary_does() -> None:
    """One character that was cut in two is shown as lost; bytes that are no text are refused."""
    raw = b"<meta charset=utf-8><p>" + "预算".encode() * 100 + b"\xe9</p>\xff"
    assert "预算" * 100 in read_web(raw, "a.html", Limits()).text
    with pytest.raises(FormatError, match="found bytes that are neither"):
        read_web(b"<html>" + bytes(range(128, 256)) * 8, "a.html", Limits())


DEEP = [
    "<div>",
    "<span>",
    "<table><tr><td>",
    "<ul><li>",
    "<h1><p>",
    "<x><div></x></div>",
    "<font size=1>",
    "<form>",
    "<p>",
]


@pytest.mark.parametrize("tags", DEEP)
def test_deep_nesting_is_read(tags: str) -> None:
    """100,000 elements in one another neither crash nor lose the text."""
    assert page("<p>首</p>" + tags * 100_000 + "2024年预算支出1万元") == "首\n2024年预算支出1万元\n"


def test_unclosed_formatting_is_not_opened_again_in_every_paragraph() -> None:
    """A page of forgotten <font> tags does not grow when it is parsed."""
    tags = "".join(f"<font size={number}>" for number in range(5_000))
    assert page(tags + "<p>甲" * 5_000) == "甲\n" * 5_000


@pytest.mark.parametrize(
    "rest", ["<a " * 50_000, '<a b="' * 50_000, "<!--" * 50_000, "<script>" * 50_000, "<" * 50_000]
)
def test_broken_markup_takes_linear_time(rest: str) -> None:
    """What comes before it is read."""
    assert page("<p>2024年预算</p>" + rest).startswith("2024年预算\n")


def test_a_table_beyond_the_limit_of_cells_is_refused() -> None:
    """Spans are counted before anything is written down."""
    body = "<table>" + "<tr>" * 3_000 + "<td colspan=1000 rowspan=3000>甲<td colspan=1000>乙</table>"
    with pytest.raises(InputError, match=r"a.html: .* more than the limit of 2,000 .* raise Limits\(cells=…\)"):
        read_web(body.encode(), "a.html", Limits(cells=2_000))


def test_a_wide_table_is_read() -> None:
    """1,000 columns are no reason to refuse."""
    body = "<table>" + ("<tr>" + "".join(f"<td>{i}" for i in range(1_000))) * 2 + "</table>"
    (table,) = checked(read_web(body.encode(), "a.html", Limits())).tables
    assert (table.height, table.width) == (2, 1_000)


def test_too_long_and_empty_pages_are_refused() -> None:
    """The limit is named; an empty page is no document."""
    with pytest.raises(InputError, match="more than the limit of 10"):
        read_web(b"<p>" + b"a" * 20, "a.html", Limits(characters=10))
    with pytest.raises(InputError, match="30 tags, more than 2 for each cell of the limit of 10"):
        read_web(b"<p>" * 30, "a.html", Limits(cells=10))
    with pytest.raises(EmptyInputError, match="white space"):
        read_web(b"<html><body><img src=a></body></html>", "a.html", Limits())


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "selectolax.lexbor", None)
    with pytest.raises(
        FormatError, match=r'a.html: .* needs selectolax; install it with: pip install "budget-llm\[html\]"'
    ):
        read_web(b"<p>a", "a.html", Limits())


def test_a_published_page_is_read(shared: Path) -> None:
    """A page of another layout: prose with line breaks in one paragraph."""
    raw = (shared / "real" / "chongqing-transport-2018.html").read_bytes()
    lines = checked(read_web(raw, "a.html", Limits())).text.splitlines()
    assert lines[0].endswith("2018年部门预算情况说明")
    assert sum(line.startswith(("一、", "二、", "三、", "四、", "五、")) for line in lines) == 5
    assert not any("首页" in line for line in lines)


PIECES = st.sampled_from(["<p>", "</p>", "<table>", "<tr>", "<td rowspan=2>", "<th colspan=3>", "</table>", "<div>", "</div>",
                          "<b>", "</b>", "<br>", "收入", "100.50", "\n", "<caption>", "<!--", "-->", "<a href='", "'>", "<"])  # fmt: skip


@given(st.lists(PIECES, max_size=40))
def test_any_markup_gives_cells_that_stand_in_the_text(pieces: list[str]) -> None:
    """However a page is broken, its cells are where they say."""
    checked(read_web(f"<p>2024</p>{''.join(pieces)}".encode(), "a.html", Limits()))
