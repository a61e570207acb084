// Citation markers in the text editor: each shows the number that its source has on this form; “Cite” sets one.
import { InputRule, Node, crel } from "django-prose-editor/editor";

const SIGN = "※";  // as content/prose stores it
const SCHEME = "reference:";

// The article's sources in the order they stand in. One that was added, or chosen anew, gets its uid when it is saved.
function sources() {
  const rows = document.querySelectorAll("#citations-group .inline-related:not(.empty-form)");
  return [...rows].filter(isCited).map((row, index) => {
    const stored = row.querySelector("[data-reference]");
    const chosen = row.querySelector("select[name$='-reference']");
    const isStored = stored && (!chosen || chosen.value === stored.dataset.key);
    return { number: index + 1, uid: isStored ? stored.dataset.reference : "", name: stored?.dataset.name ?? "" };
  });
}

function isCited(row) {
  const chosen = row.querySelector("select[name$='-reference']");
  return !row.querySelector("input[name$='-DELETE']")?.checked && (!chosen || chosen.value !== "");
}

function show(sign) {
  const source = sources().find((each) => each.uid === sign.dataset.cites);
  sign.textContent = source ? String(source.number) : "?";
  sign.title = source ? `Reference ${source.number}: ${source.name}` : "A source that this article does not cite";
}

function showAll() {
  document.querySelectorAll(".prose-editor .marker").forEach(show);
}

function dialog(set) {
  const offered = sources().filter((each) => each.uid);
  const choices = offered.map((each) => {
    const button = crel("button", { type: "button", className: "button" }, [`${each.number}. ${each.name}`]);
    button.addEventListener("click", () => { box.close(); set(each); });
    return crel("li", {}, [button]);
  });
  const words = choices.length ? [crel("ul", {}, choices)] : [];
  const help = "A source is offered here once it is among this article’s citations and the article is saved.";
  const cancel = crel("button", { type: "button", className: "button" }, ["Cancel"]);
  const title = crel("h2", { id: "cite-title" }, ["Cite a source"]);
  const box = crel("dialog", { className: "cite", "aria-labelledby": "cite-title" },
    [title, ...words, crel("p", { className: "help" }, [help]), cancel]);
  cancel.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

export const Marker = Node.create({
  name: "marker",
  group: "inline",
  inline: true,
  atom: true,
  marks: "",

  addAttributes() {
    return { href: { default: null } };
  },

  // Before the links, which know no such scheme.
  parseHTML() {
    return [{ tag: `a[href^="${SCHEME}"]`, priority: 100, getAttrs: (link) => link.textContent.trim() === SIGN && null }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["a", HTMLAttributes, SIGN];
  },

  renderText: () => SIGN,

  addNodeView() {
    return ({ node }) => {
      const dom = crel("sup", { className: "marker" });
      dom.dataset.cites = node.attrs.href.slice(SCHEME.length);
      show(dom);
      return { dom, ignoreMutation: () => true };
    };
  },

  // [[2]] typed as it stands.
  addInputRules() {
    return [new InputRule({
      find: /\[\[(\d+)\]\]$/,
      handler: ({ range, match, chain }) => {
        const source = sources().find((each) => each.uid && each.number === Number(match[1]));
        if (!source) return null;
        chain().deleteRange(range).insertContentAt(range.from, content(source)).run();
      },
    })];
  },

  addMenuItems({ menu, buttons }) {
    if (!document.getElementById("citations-group")) return;
    menu.defineItem({
      name: "marker",
      groups: "link",
      button: buttons.text("Cite", "Cite a source"),
      command: (editor) => dialog((source) => {
        editor.chain().focus().insertContentAt(editor.state.selection.to, content(source)).run();
      }),
    });
  },
});

function content(source) {
  return { type: "marker", attrs: { href: SCHEME + source.uid } };
}

const group = document.getElementById("citations-group");
if (group) {
  group.addEventListener("change", showAll);
  new MutationObserver(showAll).observe(group, { childList: true, subtree: true });
}
