"""The tags of prose: those it is stored in, and those it may come in with."""

SCHEMES = {"http", "https", "mailto", "tel", "article", "reference", "unresolved"}
NAMED = {"article", "reference"}  # by their uid
# What a citation marker is stored as, whatever number it is printed with: `<a href="reference:UID">※</a>`.
MARKER = "※"
SYNONYMS = {"b": "strong", "i": "em"}
MARKS = ("a", "strong", "em", "sub", "sup")  # from the outermost inwards
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CONTAINERS = {"ul", "ol", "table", "blockquote"}
PARENTS = {
    "li": {"ul", "ol"},
    "caption": {"table"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
# Not allowed in prose, but they end a line of words; nh3 would join the words before and after.
SEPARATORS = set(
    "p hr address article aside center dd details dialog dir div dl dt fieldset figcaption figure footer header"
    " hgroup legend listing main menu nav optgroup option pre search section summary".split()
)
REMOVED = {"script", "style", "template"}  # with all they hold
ALLOWED = {"br", *MARKS, *SYNONYMS, *HEADINGS, *CONTAINERS, *PARENTS, *SEPARATORS}
KNOWN = {*ALLOWED, *REMOVED, "col", "colgroup"}
# Where these stand out of place, the parser drops the tag and joins the words on its two sides.
GLUE = {*HEADINGS, *CONTAINERS, *PARENTS, *SEPARATORS, "col", "colgroup"} | set(
    "html head body title form select textarea xmp plaintext iframe noembed noframes noscript img".split()
)
