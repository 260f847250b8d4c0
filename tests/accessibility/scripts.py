"""What is asked of a page in the browser, as scripts; each finds nothing where all is well."""

FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary"
# Whatever takes the focus without showing it, itself or by the label around it.
WITHOUT_FOCUS = f"""() => {{
    const shows = found => parseFloat(getComputedStyle(found).outlineWidth) >= 2
        && getComputedStyle(found).outlineStyle !== "none";
    return [...document.querySelectorAll("{FOCUSABLE}")]
        .filter(found => found.checkVisibility() && !found.disabled && !found.closest(".trap"))
        .filter(found => {{
            found.focus();
            if (document.activeElement !== found) return false;
            return !shows(found) && !(found.closest("label") && shows(found.closest("label")));
        }})
        .map(found => found.outerHTML.slice(0, 120));
}}"""
# What the window would have to be scrolled sideways for.
TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth, wide = document.documentElement.scrollWidth;
    if (wide <= room) return [];
    const outside = found => {
        const box = found.getBoundingClientRect();
        return box.width && (box.right > room + 1 || box.left < -1);
    };
    const culprits = [...document.body.querySelectorAll("*")].filter(outside);
    return [`${wide} of ${room} pixels`, ...culprits.map(found => found.outerHTML.slice(0, 120))];
}"""
# Words in Latin letters that a page in Arabic does not mark as those of another language, and
# words of another language that run in the direction of the page. Names of people and what is put
# into a sentence are isolated (bdi, or the marks FSI, LRI and PDI); nobody knows their language.
UNMARKED = """names => {
    const found = new Set(), rtl = new Set(["ar", "fa", "ur", "he"]);
    const without = "script, style, option, textarea, bdi, .mono, .brand, a[href^=mailto]";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const at = text.parentElement, home = at.closest("[lang]");
        if (at.closest(without) || at.closest("svg")) continue;
        let own = text.data;
        while (/[\u2066-\u2068][^\u2066-\u2069]*\u2069/.test(own))
            own = own.replace(/[\u2066-\u2068][^\u2066-\u2069]*\u2069/g, "");
        const words = (own.match(/[A-Za-zÄÖÜäöüß]*[a-zäöüß]{3}[A-Za-zÄÖÜäöüß]*/g) || [])
            .filter(word => !names.includes(word));
        if (!words.length) continue;
        if (home.lang === "ar") found.add(`no lang: ${text.data.trim()}`);
        else if (!rtl.has(home.lang) && getComputedStyle(at).direction === "rtl"
                 && !at.closest("[dir=auto]"))
            found.add(`no dir: ${text.data.trim()}`);
    }
    return [...found];
}"""
# Names, also of files, that are written alike in every language.
NAMES_EVERYWHERE = [
    "JavaScript", "WCAG", "SHA", "HMAC", "UTF", "JSON", "CSV", "Consult",
    "Word", "docx", "daten", "html", "json",
    "Markdown", "Akoma", "Ntoso", "Excel", "OParl", "sha", "sum",
]  # fmt: skip
