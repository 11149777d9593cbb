// The web admin in a real browser, with the demo's data: each page is opened light, dark and 320 pixels wide, and looked
// at as a person would who needs contrast, a keyboard or a screen reader. Nothing may stand in the console, nothing may
// scroll sideways, and what matters works without JavaScript.
//
//   node admin.mjs STOREHAND [FOLDER FOR SCREENSHOTS]
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { AxeBuilder } from "@axe-core/playwright";

const [command, screenshots] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "storehand-browser-"));
const complaints = [];
const complain = (text) => {
  complaints.push(text);
  console.error(`  ${text}`);
};

// Until the demo says where it is.
function demo() {
  const child = spawn(command, ["demo", "--data", join(folder, "demo")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  const ready = new Promise((resolve, reject) => {
    child.stderr.on("data", (bytes) => {
      said += bytes;
      const link = said.match(/the web admin, once: (\S+)/);
      const password = said.match(/the owner's password, when it asks: (\S+)/);
      const code = said.match(/in place of the second factor, good once: (\S+)/);
      if (link && password && code) resolve({ link: link[1], password: password[1], code: code[1] });
    });
    child.on("exit", () => reject(new Error(`the demo ended:\n${said}`)));
    setTimeout(() => reject(new Error(`the demo did not begin:\n${said}`)), 600_000).unref();
  });
  return { child, ready };
}

const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });

// Whether a page is refused on purpose.
let refused = false;

function listen(page, where) {
  page.on("console", (message) => {
    if (refused && /status of 4(13|22)/.test(message.text())) return;
    // Nor of those that ask for a proof first, which depends on how long it took to come here.
    if (/status of 403/.test(message.text())) return;
    complain(`${where()}: the console says: ${message.text()}`);
  });
  page.on("pageerror", (error) => complain(`${where()}: ${error}`));
}

async function look(page, name, path, base) {
  for (const [variant, width, scheme] of [["light", 1280, "light"], ["dark", 1280, "dark"], ["narrow", 320, "light"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const answer = await page.goto(base + path, { waitUntil: "load" });
    if (answer.status() !== 200) complain(`${name}: ${path} answered ${answer.status()}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) complain(`${name}, ${variant}: ${wide} pixels wide where ${width} are there`);
    // A narrow page has the elements and the colours of a wide one.
    const { violations } = variant === "narrow" ? { violations: [] } : await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations) complain(`${name}, ${variant}: ${id}: ${nodes[0].html.slice(0, 200)}`);
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${variant}.png`), fullPage: true });
    // The pictures of the README: what one sees without scrolling.
    if (screenshots && variant === "light") await page.screenshot({ path: join(screenshots, `${name}.png`) });
  }
}

// The first link of a page whose address fits.
async function first(page, base, path, fits) {
  await page.goto(base + path);
  const links = await page.$$eval("a[href]", (all) => all.map((link) => link.getAttribute("href")));
  const found = links.find((href) => fits.test(href));
  if (!found) complain(`${path} leads to no ${fits}`);
  return found ?? path;
}

async function withoutScripts(browser, base, password, state) {
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: state });
  const page = await context.newPage();
  let at = "without JavaScript";
  listen(page, () => at);
  const store = new URL(page.url() === "about:blank" ? (await page.goto(`${base}/`), page.url()) : page.url()).pathname;
  // Adding a person is an act of weight: it may ask for the password, and loses nothing.
  await page.goto(`${base}${store}/people/add`);
  await page.fill("#name", "Noor Haddad");
  await page.fill("#email", "noor@example.com");
  await page.check("#role-accountant");
  await page.click("button.go");
  if (await page.$("#proof")) {
    await page.fill("#proof", password);
    await page.click("button.go");
  }
  const invited = await page.textContent("h1");
  if (!invited.includes("Noor Haddad")) complain(`${at}: nobody was invited: ${invited}`);
  const link = await page.textContent("code.link");
  // Whoever is invited, in a browser of their own.
  const other = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await other.goto(base + link);
  for (const field of ["#password", "#again"]) await other.fill(field, "seven violet otters hum at dusk");
  await other.click("button.go");
  // What they may do is read first.
  if (!(await other.textContent("h1")).includes("Welcome")) complain(`${at}: nobody was welcomed`);
  await other.click("main button.go");
  if (!(await other.textContent("header.side")).includes("Noor Haddad")) complain(`${at}: the invitation led nowhere`);
  if (await other.$(`a[href="${store}/people"]`)) complain(`${at}: an accountant sees the people`);
  // A file that is no app is refused on the page that it was sent from, also one that is too large.
  for (const size of [100, 20 * 1024 * 1024]) {
    // Chromium writes each answer of 400 and above into its console, whatever the page says.
    refused = true;
    await page.goto(`${base}${store}/apps/upload`);
    await page.setInputFiles("#file", { name: "notes.wasm", mimeType: "application/wasm", buffer: Buffer.alloc(size) });
    await page.click("main button.go");
    if (await page.$("#proof")) {
      await prove(page, password);
      continue;
    }
    if (!(await page.$("[role=alert]")) || !(await page.$("#file"))) complain(`${at}: a file of ${size} bytes that is no app led to ${page.url()}`);
  }
  refused = false;
  await page.goto(`${base}${store}/people`);
  await page.click("text=Noor Haddad");
  await page.click("summary:has-text('Remove')");
  await page.click("button.bad:has-text('Remove')");
  if (await page.$("#proof")) {
    await page.fill("#proof", password);
    await page.click("button.go");
  }
  await other.goto(`${base}${store}`);
  if (!other.url().includes("/sign-in")) complain(`${at}: the session of somebody removed goes on`);
  await context.close();
}

const prove = async (page, password) => {
  if (!(await page.$("#proof"))) return;
  await page.fill("#proof", password);
  await page.click("main button.go");
};

async function uninstall(page, base, store, name, password) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${base}${store}/apps`);
  await page.click(`a:has-text("${name}")`);
  await page.click("a:has-text('Uninstall')");
  await page.click("main button.bad");
  await prove(page, password);
  if (!page.url().endsWith("/apps")) complain(`${name} was not uninstalled: ${page.url()}`);
}

// What it would have done, then a choice that changes what is agreed to, then the consent to that.
async function tryAndInstall(page, base, store, password, screenshots) {
  await page.goto(`${base}${store}/apps/install?app=examples/over-reach`);
  await page.click("button[value=try]");
  await prove(page, password);
  if (!(await page.$("#tried"))) complain("consent: what it would have done is not shown");
  if (screenshots) await page.screenshot({ path: join(screenshots, "tried.png"), fullPage: true });
  const held = await page.$("input[name^='held.']");
  if (held) await held.check();
  await page.click("button[value=install]");
  await prove(page, password);
  if (held) {
    if (!(await page.textContent("main")).includes("You changed something")) complain("consent: a changed choice was agreed to unread");
    await page.click("button[value=install]");
    await prove(page, password);
  }
  if (!/\/apps\/ins_/.test(page.url())) complain(`consent: it was not installed: ${await page.textContent("main")}`);
}

// An app that calls a server outside: who reads the consent reads which one, what for, and what is sent there.
async function servers(page, base, store, password, show) {
  const file = join(folder, "caller.app.wasm");
  const app = fileURLToPath(new URL("../../example-plugins/test-guests/caller", import.meta.url));
  const built = spawnSync(command, ["app", "build", app, "--output", file], { encoding: "utf8" });
  if (built.status !== 0) throw new Error(`the app was not built:\n${built.stderr}`);
  await page.goto(`${base}${store}/apps/upload`);
  await page.setInputFiles("#file", file);
  await page.click("main button.go");
  // An act of weight may ask for a proof first, and a file is chosen anew after it.
  if (await page.$("#proof")) {
    await prove(page, password);
    await page.setInputFiles("#file", file);
    await page.click("main button.go");
  }
  const { pathname, search } = new URL(page.url());
  await show("consent-servers", pathname + search);
  const said = await page.textContent("main");
  for (const text of ["api.example.com", "GET, POST", "/v1/", "tells the books of every order"]) {
    if (!said.includes(text)) complain(`consent-servers: nothing is said of “${text}”: ${said}`);
  }
}

// A run once more, dry: the answer to a form, so it is looked at where it stands.
async function compare(page, base, path, password, screenshots) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(base + path);
  const another = await page.$("form[action$='/compare'] button");
  await (another ?? (await page.$("form[action$='/rerun'] button"))).click();
  await prove(page, password);
  if (!(await page.$("#sides"))) complain(`compare: nothing stands side by side: ${await page.textContent("main")}`);
  for (const [variant, width, scheme] of [["light", 1280, "light"], ["dark", 1280, "dark"], ["narrow", 320, "light"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) complain(`compare, ${variant}: ${wide} pixels wide where ${width} are there`);
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const { id, nodes } of violations) complain(`compare, ${variant}: ${id}: ${nodes[0].html.slice(0, 200)}`);
    if (screenshots) await page.screenshot({ path: join(screenshots, `compare-${variant}.png`), fullPage: true });
  }
}

// Consent with nothing but a keyboard: every choice is reached, and no button is in focus when the page opens.
async function byKeyboard(page, base, path) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(base + path);
  const focused = await page.evaluate(() => document.activeElement?.tagName);
  if (focused === "BUTTON") complain("consent: a button is in focus when the page opens");
  const reached = new Set();
  for (let i = 0; i < 200; i += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const at = document.activeElement;
      const shown = at && getComputedStyle(at).outlineStyle !== "none";
      return at && at !== document.body ? `${at.getAttribute("name") ?? at.tagName}${shown ? "" : " (no outline)"}` : "";
    });
    if (name) reached.add(name);
  }
  for (const name of reached) if (name.includes("no outline")) complain(`consent: no focus is shown at ${name}`);
  const acts = await page.$$eval("main button", (all) => all.map((button) => button.name || "BUTTON"));
  for (const act of acts) if (![...reached].some((name) => name.startsWith(act))) complain(`consent: the keyboard does not reach ${act}`);
}

// A passkey of an authenticator that the browser itself plays: made, shown in place of the password and of a code, not shown
// by whoever is not verified, and removed.
async function passkeys(page, base, store, password, code) {
  const there = async (what) => {
    await page.waitForURL(`${base}${store}`, { timeout: 10_000 }).catch(() => complain(`passkeys: ${what} led to ${page.url()}`));
  };
  const out = async () => {
    await page.goto(`${base}/account`);
    await page.click("button:has-text('Sign out')");
    await page.goto(`${base}/sign-in`);
  };
  const browser = await page.context().newCDPSession(page);
  await browser.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const { authenticatorId } = await browser.send("WebAuthn.addVirtualAuthenticator", { options });
  await page.goto(`${base}/account`);
  const email = (await page.textContent("p.lead")).split(" · ")[1].trim();
  await page.fill("#passkey-name", "Phone of Ana");
  await page.click("button:has-text('Add a passkey')");
  // Changing how somebody signs in asks for password and second factor both, whichever was not shown lately.
  if (await page.$("#proof")) await page.fill("#proof", password);
  if (await page.$("#code")) await page.fill("#code", code);
  if (await page.$("input[name=_all]")) await page.click("main button.go");
  const { violations } = await new AxeBuilder({ page }).analyze();
  for (const { id } of violations) complain(`passkeys: ${id}`);
  if (screenshots) await page.screenshot({ path: join(screenshots, "passkey.png"), fullPage: true });
  await page.click("button[data-options]");
  await page.waitForURL(`${base}/account`);
  if (!(await page.textContent("main")).includes("Phone of Ana")) complain("passkeys: none was added");
  if (screenshots) await page.screenshot({ path: join(screenshots, "account-passkey.png"), fullPage: true });
  await out();
  await browser.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await page.click("button[data-passkey]");
  await page.waitForSelector("[role=alert]");
  await browser.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  if (screenshots) await page.screenshot({ path: join(screenshots, "sign-in-passkey.png"), fullPage: true });
  await page.click("button[data-passkey]");
  await there("signing in with a passkey");
  await out();
  await page.fill("#email", email);
  await page.fill("#password", password);
  await page.click("main button.go");
  if (screenshots) await page.screenshot({ path: join(screenshots, "code-passkey.png"), fullPage: true });
  await page.click("button[data-passkey]");
  await there("a passkey after the password");
  await page.goto(`${base}/account`);
  await page.click("button:has-text('Remove')");
  // Whoever has just signed in is asked for nothing; the page itself has a field for a password.
  await page.waitForLoadState();
  if (new URL(page.url()).pathname !== "/account") await prove(page, password);
  if ((await page.textContent("main")).includes("Phone of Ana")) complain("passkeys: it is there still");
}

async function main() {
  if (screenshots) mkdirSync(screenshots, { recursive: true });
  const { child, ready } = demo();
  try {
    const { link, password, code } = await ready;
    // By a name: an address has no passkeys.
    const base = new URL(link).origin.replace("127.0.0.1", "localhost");
    const browser = await launch();
    const context = await browser.newContext();
    const page = await context.newPage();
    let at = "sign-in";
    listen(page, () => at);
    const show = async (name, path) => {
      at = name;
      console.log(`${name}: ${path}`);
      await look(page, name, path, base);
    };
    await show("sign-in", "/sign-in");
    await show("link", new URL(link).pathname + new URL(link).search);
    await page.click("button.go");
    const store = new URL(page.url()).pathname;
    // The apps have to have done something.
    await page.waitForTimeout(8_000);
    await show("overview", store);
    for (const tag of ["proposal", "upgrade", "ending"]) {
      if (!(await page.textContent("table.waits")).includes(tag)) complain(`overview: nothing waits that is tagged “${tag}”`);
    }
    await show("apps", `${store}/apps`);
    await show("upload", `${store}/apps/upload`);
    await show("app", await first(page, base, `${store}/apps`, /\/apps\/ins_/));
    await show("uninstall", `${await first(page, base, `${store}/apps`, /\/apps\/ins_/)}/uninstall`);
    await show("runs", `${store}/activity/runs`);
    await show("trace", await first(page, base, `${store}/activity/runs?app=examples/fulfilment-agent`, /\/activity\/runs\/inv_/));
    at = "compare";
    await compare(page, base, await first(page, base, `${store}/activity/runs?app=examples/low-stock`, /\/activity\/runs\/inv_/), password, screenshots);
    await show("usage", `${store}/activity/usage?since=hour`);
    await show("usage-week", `${store}/activity/usage?since=week`);
    await show("changes", `${store}/activity/changes`);
    await show("change", await first(page, base, `${store}/activity/changes`, /\/activity\/changes\/chg_/));
    await show("held", `${store}/activity/held`);
    await show("proposal", await first(page, base, `${store}/activity/held`, /\/activity\/held\/hld_/));
    await show("upgrade", await first(page, base, `${store}/apps`, /\/upgrade$/));
    await show("audit", `${store}/activity/audit`);
    await show("audit-verify", `${store}/activity/audit/verify`);
    await show("undo", await first(page, base, await first(page, base, `${store}/activity/changes`, /\/activity\/changes\/chg_/), /\/undo\?/));
    await show("people", `${store}/people`);
    await show("roles", `${store}/people/roles`);
    await show("review", `${store}/people/review`);
    await show("alerts", `${store}/alerts?resolved=1`);
    await show("rules", `${store}/people/rules`);
    await show("add", `${store}/people/add`);
    await show("person", await first(page, base, `${store}/people`, /\/people\/stf_/));
    await show("account", "/account");
    await show("factor", "/account/second-factor");
    await show("orders", `${store}/store`);
    const order = await first(page, base, `${store}/store`, /\/store\/orders\/ord_/);
    await show("order", order);
    await show("slip", `${order}/slip`);
    await show("picks", `${order}/picks`);
    for (const list of ["products", "inventory", "customers", "carts", "discounts", "giftcards", "categories", "locations", "taxes", "pages"]) {
      await show(list, `${store}/store/${list}`);
      // The demo's shop has no gift cards.
      if (list === "giftcards") continue;
      await show(`${list}-one`, await first(page, base, `${store}/store/${list}`, new RegExp(`/store/${list}/[^?]+$`)));
    }
    await show("search", `${store}/store/search`);
    await show("settings", `${store}/settings`);
    await show("retention", `${store}/settings/retention`);
    await show("plan", `${store}/settings/plan`);
    await show("close", `${store}/settings/close`);
    await show("tokens", `${store}/settings/tokens`);
    await show("storefront", `${store}/settings/storefront`);
    await show("host", "/host");
    await show("host-store", await first(page, base, "/host", /\/host\/stores\/sto_/));
    await show("host-new", "/host/stores/new");
    await show("host-apps", "/host/apps");
    await show("host-app", await first(page, base, "/host/apps", /\/host\/apps\/examples/));
    await show("host-runs", "/host/runs");
    await show("host-usage", "/host/usage?since=hour");
    await show("host-stops", "/host/stops");
    await show("host-plans", "/host/plans");
    await show("host-alerts", "/host/alerts?stores=1&resolved=1");
    await show("host-publishers", "/host/publishers");
    await show("host-tokens", "/host/tokens");
    await show("host-audit", "/host/audit");
    await show("host-audit-verify", "/host/audit/verify");
    await show("host-health", "/host/health");
    await uninstall(page, base, store, "Over-reach", password);
    await show("consent", `${store}/apps/install?app=examples/over-reach`);
    await byKeyboard(page, base, `${store}/apps/install?app=examples/over-reach`);
    await tryAndInstall(page, base, store, password, screenshots);
    await uninstall(page, base, store, "Volume discount", password);
    await show("consent-settings", `${store}/apps/install?app=examples/volume-discount`);
    await servers(page, base, store, password, show);
    await withoutScripts(browser, base, password, await context.storageState());
    at = "passkeys";
    await passkeys(page, base, store, password, code);
    await browser.close();
  } finally {
    child.kill("SIGINT");
    await new Promise((resolve) => child.on("exit", resolve));
    rmSync(folder, { recursive: true, force: true });
  }
  if (complaints.length > 0) {
    console.error(`${complaints.length} complaints about the web admin`);
    process.exit(1);
  }
  console.log("the web admin: every page looked at, no complaint");
}

await main();
