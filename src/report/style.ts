// How a page looks: on a screen in light and dark, on paper, and without colours.

/** Cells of the map tell their tone by form too: crossed, barred, halved, hollow, full. */
const CELLS = `
.map{display:grid;grid-template-columns:max-content 1fr;gap:.9rem 1.4rem;align-items:start}
.map h3{margin:0;line-height:1.2}
.cells{display:flex;flex-wrap:wrap;gap:3px;padding-top:2px;--cell:14px}
.cells.many{gap:2px;--cell:8px}
.cells a{box-sizing:border-box;width:var(--cell);height:var(--cell);border:1.5px solid var(--c);border-radius:2px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.cells a:hover{outline:2px solid var(--ink);outline-offset:1px}
.good{--c:var(--green)}.bad{--c:var(--red)}.attention{--c:var(--amber)}.busy{--c:var(--blue)}.idle{--c:var(--grey)}
.cells.bad a{background:linear-gradient(45deg,transparent 42%,var(--c) 42% 58%,transparent 58%),linear-gradient(-45deg,transparent 42%,var(--c) 42% 58%,transparent 58%)}
.cells.attention a{background:linear-gradient(0deg,transparent 35%,var(--c) 35% 65%,transparent 65%)}
.cells.busy a{background:linear-gradient(135deg,var(--c) 50%,transparent 50%)}
.cells.good a{background:var(--c)}
`;

export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--band:#f6f8fa;--green:#1a7f37;--red:#b3261e;--amber:#8a5a00;--blue:#0757b5;--grey:#6e7781}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--paper:#0d1117;--line:#30363d;--band:#161b22;--green:#4ac26b;--red:#ff8a80;--amber:#e3b341;--blue:#6cb6ff;--grey:#8b949e}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:76rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif;overflow-wrap:break-word}
h1{margin:0;font-size:1.7rem;line-height:1.25;font-weight:650}
h2{margin:2.6rem 0 .6rem;padding-top:.5rem;border-top:1px solid var(--line);font-size:1.2rem}
h3{margin:1.3rem 0 .3rem;font-size:1rem}
p{margin:.4rem 0;max-width:62rem}
.kind{margin:0 0 .3rem;color:var(--soft)}
.verdict{margin:1.1rem 0 1.3rem;padding:.7rem 1rem;border-left:5px solid var(--c);background:var(--band);font-size:1.1rem}
.verdict p{margin:0}
.verdict p+p{margin-top:.3rem;font-size:1rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:.5rem 0}
dt{color:var(--soft)}
dd{margin:0;min-width:0;overflow-wrap:anywhere}
ul{margin:.4rem 0;padding-left:1.2rem}
a{color:var(--blue)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;font-size:.9em}
pre{margin:.5rem 0;padding:.7rem .9rem;background:var(--band);border:1px solid var(--line);border-radius:4px;overflow-x:auto}
.soft{color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.2rem 0 .4rem;color:var(--soft)}
th,td{padding:.28rem .9rem .28rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400}
thead th{font-weight:600;white-space:nowrap;border-bottom:2px solid var(--line)}
tbody th{white-space:nowrap}.list tbody th{width:1%;padding-right:1.6rem}
.group th{padding:1.1rem 0 .3rem;font-weight:650;white-space:normal;border-bottom:2px solid var(--c)}
.group nav{font-weight:400;font-size:.9rem;line-height:1.9}
.group nav a{margin-right:.8rem}
td.good,td.bad,td.attention,td.busy,td.idle,.word{color:var(--c)}
td.bad,.word{font-weight:600}
td:last-child{overflow-wrap:anywhere}
tr:target{background:var(--band);outline:2px solid var(--c,var(--blue))}
${CELLS}
footer{margin-top:3rem;padding-top:.6rem;border-top:1px solid var(--line);color:var(--soft);font-size:.9rem}
@media (max-width:40rem){.map{grid-template-columns:1fr;gap:.3rem}.map h3{margin-top:.6rem}body{padding:1.1rem .9rem 3rem;font-size:15px}h1{font-size:1.35rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}.scroll{margin:0 -.9rem;padding:0 .9rem}.scroll table{min-width:50rem}.scroll table:not(.list) td:last-child{min-width:15rem}.scroll .list{min-width:0}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--paper:#fff;--line:#bbb;--band:#fff;--green:#1a7f37;--red:#b3261e;--amber:#8a5a00;--blue:#0757b5;--grey:#6e7781}body{max-width:none;padding:0;font-size:10pt}.scroll{overflow:visible}pre{white-space:pre-wrap}tr,.cells a,.verdict{break-inside:avoid}h2,h3,.group{break-after:avoid}thead{display:table-header-group}.group nav{display:none}a{color:inherit;text-decoration:none}}
@media (forced-colors:active){.cells a{border-color:CanvasText}}
`.trim();
