"""SVG pictures that may be stored."""

import pytest

from learn.markup.sanitise import svg_is_safe

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def svg(body: str, head: str = HEAD) -> bytes:
    return f"{head}{body}</svg>".encode()


@pytest.mark.parametrize(
    "body",
    [
        '<path d="M0 0h9" fill="url(#g)"/><defs><linearGradient id="g"/></defs>',
        '<use href="#a"/><use xlink:href="#a"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>.a{fill:#123}</style><title>x</title>",
        '<g fill="url(\'#g\')" style=\'mask:url( "#m")\' filter="url( #f )"/>',
        '<g id="a\\b" xmlns:k="urn:k" k:datei="C:\\bild.svg" font-family="\\5FAE"/>',
        "<?xpacket begin='x'?>",
        '<image href=""/>',
        '<animate attributeName="opacity" from="0" to="1" values="0;1"/>',
    ],
)
def test_safe(body: str) -> None:
    assert svg_is_safe(svg(body))
    assert svg_is_safe(b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg>\n' + svg(body))


@pytest.mark.parametrize(
    "body",
    [
        "<script>x</script>",
        "<SCRIPT/>",
        '<g onload="x"/>',
        "<foreignObject/>",
        '<a href="https://a.example"/>',
        '<a xlink:href="java&#10;script:x"/>',
        '<image href="//a.example/b.png"/>',
        '<image href="data:image/svg+xml;base64,AAAA"/>',
        '<use href="andere.svg#a"/>',
        '<g fill="url(https://a.example/x)"/>',
        '<g style="background:url(//a)"/>',
        "<style>@import 'x';</style>",
        "<style>@imp<![CDATA[ort 'x']]></style>",
        "<style>a{b:url('x')}</style>",
        '<set attributeName="onclick" to="x"/>',
        '<set attributeName="xlink:href" to="#a"/>',
        '<animate attributeName="x" values="https://a"/>',
        "<?xml-stylesheet href='x'?>",
        '<g xml:base="https://a"/>',
        "<style><g/>@import 'x';</style>",
        "<style><style>a</style>b{c:url(x)}</style>",
        '<g fill="u\\72l(https://a)"/>',
        "<g fill=\"url('x#a')\"/>",
        "<g fill=\"url( ' https://a')\"/>",
        '<g fill="URL(//a)"/>',
        '<feImage href="https://a"/>',
        '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="a.svg"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">x</h:script>',
        '<s:script xmlns:s="urn:other">x</s:script>',
        '<a href="data:text/html,x"/>',
        '<a href="\x0bjavascript:x"/>'.replace("\x0b", "&#9;"),
        '<a xmlns:l="http://www.w3.org/1999/xlink" l:href="https://a"/>',
        "<?XML-stylesheet href='x'?>".replace("XML", "xml"),
        '<g style="behavior:expression(x)"/>',
        '<g style="fill:\\75rl(x)"/>',
        '<g onclick=""/>',
        "<g>",
    ],
)
def test_unsafe(body: str) -> None:
    assert not svg_is_safe(svg(body))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(""),
        b"<!DOCTYPE svg [ <!ELEMENT svg ANY> ]>" + svg(""),
        svg("").decode().encode("utf-16"),
        b"<?xml version='1.0' encoding='cp037'?>" + svg(""),
        b"<svg>" + b"<g>" * 300 + b"</g>" * 300 + b"</svg>",
        b"<svg>" + b"<g/>" * 50_001 + b"</svg>",
        b"\xff" + svg(""),
        b"\x1f\x8b\x08" + bytes(20),
        svg("").decode().encode("utf-16-le"),
        b"<?xml version='1.0' encoding='utf-7'?>" + svg("+ADw-script+AD4-"),
        b'<!DOCTYPE svg [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>' + svg("&c;"),
        b'<!DOCTYPE svg [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>' + svg(""),
        b'<!doctype svg [ <!AtTlIsT svg onload CDATA "x"> ]>' + svg(""),
        b'<!DOCTYPE svg SYSTEM "a>" [ <!ATTLIST svg a CDATA "x"> ]>' + svg(""),
        svg("&nbsp;"),
        b'<svg xmlns="http://www.w3.org/1999/xhtml"/>',
        svg("").replace(b"<svg", b"<html><svg") + b"</html>",
    ],
)
def test_other_bytes(data: bytes) -> None:
    assert not svg_is_safe(data)
