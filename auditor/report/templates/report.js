"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const findings = [...document.querySelectorAll(".finding")];
  const texts = new Map(findings.map((each) => [each, each.textContent.toLowerCase()]));
  const shown = form.elements.shown;
  const among = (element, name, value) => !value || (element.dataset[name] || "").split(" ").includes(value);

  function apply() {
    const severities = [...form.querySelectorAll("input[name=severity]:checked")].map((box) => box.value);
    const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const aside = form.elements.aside ? form.elements.aside.checked : true;
    let count = 0;
    for (const each of findings) {
      const fits = severities.includes(each.dataset.severity)
        && among(each, "entries", form.elements.entry.value)
        && among(each, "flows", form.elements.flow.value)
        && each.dataset.rule.startsWith(form.elements.rule.value)
        && (aside || each.dataset.counts === "yes")
        && words.every((word) => texts.get(each).includes(word));
      each.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.value = count === findings.length
      ? `All ${count} findings are shown.`
      : `${count} of ${findings.length} findings are shown.`;
    document.getElementById("none").hidden = count > 0;
  }

  function reset() {
    form.reset();
    apply();
  }

  function open() {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    const finding = target && target.closest(".finding");
    if (!finding) return;
    if (finding.hidden) reset();
    finding.querySelector("details").open = true;
    finding.scrollIntoView();
  }

  for (const link of document.querySelectorAll("a[data-entry]")) {
    link.addEventListener("click", () => {
      form.reset();
      form.elements.entry.value = link.dataset.entry;
      apply();
    });
  }
  for (const button of document.querySelectorAll("button[data-open]")) {
    button.addEventListener("click", () => {
      for (const each of findings) {
        if (!each.hidden) each.querySelector("details").open = button.dataset.open === "yes";
      }
    });
  }
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of folded) each.open = false;
  });
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", open);
  apply();
  open();
})();
