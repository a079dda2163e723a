"""SVG within the rules of SVG 1.1, as EPUB asks for it: what no browser draws goes, what is drawn stays.

Authors' drawing programs write document types, elements of their own and ids that XML does not allow.
"""

import re
from xml.etree import ElementTree as ET

from learn.courses.takeaway.wellformed import xml_id
from learn.markup.names import names

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)

ELEMENTS = names(
    "a animate animateColor animateMotion animateTransform circle clipPath defs desc ellipse feBlend "
    "feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap "
    "feDistantLight feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode "
    "feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter g image "
    "line linearGradient marker mask mpath path pattern polygon polyline radialGradient rect set stop style "
    "svg switch symbol text textPath title tref tspan use view"
)
ATTRIBUTES = names(
    "accumulate additive amplitude attributeName attributeType azimuth baseFrequency begin bias by calcMode "
    "class clip-path clip-rule clipPathUnits color color-interpolation color-interpolation-filters cx cy d "
    "diffuseConstant direction display divisor dominant-baseline dur dx dy edgeMode elevation end exponent "
    "fill fill-opacity fill-rule filter filterUnits flood-color flood-opacity font-family font-size "
    "font-stretch font-style font-variant font-weight fr from fx fy gradientTransform gradientUnits height "
    "href id image-rendering in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength keyPoints keySplines "
    "keyTimes lengthAdjust letter-spacing lighting-color limitingConeAngle marker-end marker-mid "
    "marker-start markerHeight markerUnits markerWidth mask maskContentUnits maskUnits max media method min "
    "mode numOctaves offset opacity operator order orient origin overflow path pathLength "
    "patternContentUnits patternTransform patternUnits points pointsAtX pointsAtY pointsAtZ preserveAlpha "
    "preserveAspectRatio primitiveUnits r radius refX refY repeatCount repeatDur restart result role rotate "
    "rx ry scale seed shape-rendering slope spacing specularConstant specularExponent spreadMethod "
    "startOffset stdDeviation stitchTiles stop-color stop-opacity stroke stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style "
    "surfaceScale tableValues target targetX targetY text-anchor text-decoration text-rendering textLength "
    "title to transform type unicode-bidi values version viewBox visibility width word-spacing writing-mode "
    "x x1 x2 xChannelSelector y y1 y2 yChannelSelector z"
)
REFERENCES = (f"{{{XLINK}}}href", "href")
PROPERTIES = re.compile(r"url\(\s*['\"]?#([^'\")]*)['\"]?\s*\)")
NEEDED = {"rect": "0", "image": "100%"}  # width and height, where an author left them to the browser


def mended(data: bytes) -> bytes:
    """The drawing as UTF-8 without document type, comments and whatever SVG 1.1 does not know.

    Raises ET.ParseError; the shelf holds none that does.
    """
    root = ET.fromstring(data)  # noqa: S314 - entities are refused when a picture is published
    _strip(root)
    named = _renamed(root)
    for parent in [*root.iter()]:
        for child in list(parent):
            if not _aimed(child, named):
                parent.remove(child)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _local(name: str) -> str:
    """The name of what belongs to SVG, empty for what does not."""
    space, _brace, local = name.rpartition("}")
    return local if space == f"{{{SVG}" else ""


def _strip(element: ET.Element) -> None:
    """Only elements and attributes of SVG; links become groups, as nothing in a picture can be followed."""
    for child in list(element):
        if _local(child.tag) in ELEMENTS:
            _strip(child)
        else:
            element.remove(child)
    name = _local(element.tag)
    if name == "a":
        element.tag = f"{{{SVG}}}g"
    kept = {key: value for key, value in element.attrib.items() if _known(key) and not _link(name, key)}
    if name in NEEDED:
        kept = {"width": NEEDED[name], "height": NEEDED[name], **kept}
    element.attrib.clear()
    element.attrib.update(kept)


def _known(key: str) -> bool:
    if key.startswith("{"):
        return key in {REFERENCES[0], f"{{{XML}}}space", f"{{{XML}}}lang"}
    return key in ATTRIBUTES or key.startswith(("aria-", "data-"))


def _link(name: str, key: str) -> bool:
    return name == "a" and key in {*REFERENCES, "target", "type"}


def _renamed(root: ET.Element) -> dict[str, str]:
    """Gives every id a name that XML allows, each once; new ids by old ones."""
    found: dict[str, str] = {}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old is not None and old not in found:
            found[old] = xml_id(old)
            element.set("id", found[old])
    for element in root.iter(f"{{{SVG}}}style"):
        for old, new in found.items():
            if old != new and element.text:
                element.text = element.text.replace(f"#{old}", f"#{new}")
    return found


def _aimed(element: ET.Element, named: dict[str, str]) -> bool:
    """Lets references follow the ids; False for an element that only repeats what is not there."""

    def follow(found: re.Match[str]) -> str:
        return f"url(#{named[found[1]]})" if found[1] in named else "none"

    for key, value in list(element.attrib.items()):
        if key in REFERENCES and value.startswith("#"):
            if value[1:] not in named:
                return False
            element.set(key, f"#{named[value[1:]]}")
        elif "url(" in value:
            element.set(key, PROPERTIES.sub(follow, value))
    return True
