// What the browser tests stand on: TAP, a port of this machine that leads to harkd's socket, and Chromium.
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const { WEB_MODULES, CHROMIUM, WEB_PICTURES } = process.env
const modules = createRequire(join(WEB_MODULES, 'x.js'))
const { chromium } = modules('playwright-core')
const AXE = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8')

export const WAIT_MS = 60000
const WIDE = { width: 1280, height: 900 }
const CUT_MS = 3000 // for a page to follow its window

// ---- TAP ----

const tests = []

export function test(name, fn) {
	tests.push([name, fn])
}

export function equal(got, want, what = '') {
	if (JSON.stringify(got) !== JSON.stringify(want)) {
		throw new Error(`${what} got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`)
	}
}

export function check(holds, what) {
	if (!holds) {
		throw new Error(what)
	}
}

export function figure(text) {
	console.log(`# figure: ${text}`)
}

// Runs them one after the other; true if all hold.
export async function runAll(world) {
	let good = true
	console.log(`1..${tests.length}`)
	for (const [i, [name, fn]] of tests.entries()) {
		const started = Date.now()
		try {
			await fn(world)
			console.log(`ok ${i + 1} - ${name}\n# ${((Date.now() - started) / 1000).toFixed(1)} s`)
		} catch (why) {
			good = false
			console.log(`not ok ${i + 1} - ${name}`)
			console.log(String(why.stack).replace(/^/gm, '# '))
		}
	}
	return good
}

// ---- what started this ----

let answers

// What browse.py answers to a line "!WHAT".
export async function want(what) {
	answers ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]()
	console.log(`!${what}`)
	return (await answers.next()).value
}

export async function have(what) {
	equal(await want(what), 'done', what)
}

// ---- the way to harkd ----

// Chromium speaks to no Unix socket, and a socket needs no free port.
async function lead(socketPath) {
	const server = net.createServer((near) => {
		const far = net.connect(socketPath)
		near.pipe(far).pipe(near)
		near.on('error', () => far.destroy())
		far.on('error', () => near.destroy())
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	return server
}

// ---- Chromium ----

export async function open(socketPath) {
	const server = await lead(socketPath)
	const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] })
	mkdirSync(WEB_PICTURES, { recursive: true })
	return {
		browser,
		at: `http://127.0.0.1:${server.address().port}`,
		trouble: [], // what no page may do: errors, requests to elsewhere, breaches of the policy
		async close() {
			await browser.close()
			server.close()
			server.unref()
		},
	}
}

// A browser of its own: nothing is shared with another.
export async function newPage(world, { viewport = WIDE, expected = [] } = {}) {
	const context = await world.browser.newContext({
		viewport, baseURL: world.at, reducedMotion: 'reduce', locale: 'en-GB',
	})
	context.setDefaultTimeout(WAIT_MS)
	const page = Object.assign(await context.newPage(), { at: world.at })
	const note = (text) => expected.some((e) => text.includes(e)) || world.trouble.push(text)
	page.on('pageerror', (why) => note(`error: ${why.message}`))
	page.on('dialog', (dialog) => {
		note(`dialog: ${dialog.message()}`)
		dialog.dismiss()
	})
	page.on('console', (line) => line.text().includes('Content Security Policy') && note(`policy: ${line.text()}`))
	page.on('request', (request) => request.url().startsWith(world.at + '/') || note(`request: ${request.url()}`))
	await page.addInitScript(() => {
		window.ran = 0
		addEventListener('securitypolicyviolation', (event) => console.log(`Content Security Policy: ${event.violatedDirective}`))
	})
	return page
}

const sessions = new Map() // by user and harkd: the cookies of the first time; a password takes long to check

// One session a user: what is tried on signing in and out uses the form itself.
export async function signIn(page, user, password) {
	const key = `${user} ${page.at}`
	await page.context().addCookies(sessions.get(key) ?? [])
	await page.goto('/leads')
	await page.locator('header.top').or(page.getByLabel('Password')).waitFor()
	if (await page.locator('header.top').count() > 0) {
		return
	}
	await page.getByLabel('Name').fill(user)
	await page.getByLabel('Password').fill(password)
	await page.getByRole('button', { name: 'Sign in' }).click()
	await page.locator('header.top').waitFor()
	sessions.set(key, await page.context().cookies())
}

export async function signedIn(world, user, options) {
	const page = await newPage(world, options)
	await signIn(page, user, world.password)
	await page.getByText('Live', { exact: true }).waitFor()
	return page
}

// What the API says, asked with the page's own cookie.
export function ask(page, path) {
	return page.evaluate((p) => fetch('/api/v1' + p).then((r) => r.json()), path)
}

export async function until(what, holds) {
	const end = Date.now() + WAIT_MS
	let last
	while (!(last = await holds())) {
		check(Date.now() < end, `waited for ${what}`)
		await new Promise((done) => setTimeout(done, 20))
	}
	return last
}

// One key after the other, faster than the page can paint.
export function typeFast(page, keys) {
	return page.evaluate(async (all) => {
		for (const key of all) {
			document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
			for (let i = 0; i < 20; i++) {
				await null // what is drawn without waiting for a frame is drawn
			}
		}
	}, keys)
}

// Holds the first answer to what fits: {isHeld, let(): it goes to the page, and that has had time to draw}. It says what
// was so when it was asked for.
export async function hold(page, pattern) {
	const held = { isHeld: false }
	let go, told
	const wait = new Promise((done) => { go = done })
	const fulfilled = new Promise((done) => { told = done })
	let isFirst = true
	await page.route(pattern, async (route) => {
		if (!isFirst) {
			await route.continue()
			return
		}
		isFirst = false
		const response = await route.fetch()
		held.isHeld = true
		await wait
		await route.fulfill({ response })
		told()
	})
	held.let = async () => {
		go()
		await fulfilled
		await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
	}
	return held
}

export async function picture(page, name) {
	await page.screenshot({ path: join(WEB_PICTURES, `${name}.png`) })
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

// The rules of WCAG 2.2 AA that a program can check, target-size too, which axe leaves out by itself.
export async function violations(page) {
	if (await page.evaluate(() => window.axe === undefined)) {
		await page.evaluate(AXE)
	}
	return page.evaluate((tags) => window.axe.run(document, {
		runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: true } },
	}).then((r) => ({
		bad: r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`), passed: r.passes.length,
	})), TAGS)
}

// Whether something is wider than the window, but for what scrolls in a box of its own, or a heading is broken within a word.
function overflow(page) {
	return page.evaluate(() => {
		const range = document.createRange()
		const broken = [...document.querySelectorAll('th')].flatMap((th) => [...th.childNodes].filter((n) => n.nodeType === Node.TEXT_NODE)).flatMap(
			(text) => [...text.data.matchAll(/\S+/g)].filter((word) => {
				range.setStart(text, word.index)
				range.setEnd(text, word.index + word[0].length)
				return new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1
			}).map((word) => `broken: ${word[0]}`))
		const width = document.documentElement.clientWidth
		const wide = [...document.querySelectorAll('body *')].filter((e) => {
			const box = e.getBoundingClientRect()
			return box.width > 0 && !e.closest('.unseen') && !e.closest('.wide-table *, pre') && (box.right > width + 1 || box.left < -1)
		}).map((e) => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)} > ${width}`)
		return [...wide, ...broken].slice(0, 5)
	})
}

// ---- looks: what a page is like at one moment ----

const SIZES = [['320 px', { width: 320, height: 640 }], ['400 % zoom', { width: 320, height: 256 }], ['4K', { width: 3840, height: 2160 }]]

// What axe finds in light and in dark, what windows of other sizes cut off, and a picture of both schemes and of a phone.
async function lookAt(page, name) {
	const schemes = {}
	const cut = {}
	for (const colorScheme of ['light', 'dark']) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
		schemes[colorScheme] = await violations(page)
		await picture(page, `${name}-${colorScheme}`)
	}
	for (const [size, viewport] of SIZES) {
		await page.setViewportSize(viewport)
		const end = Date.now() + CUT_MS
		while ((cut[size] = await overflow(page)).length > 0 && Date.now() < end) {
			await page.waitForTimeout(20) // a chart is drawn again after the window has its size
		}
		if (size === SIZES[0][0]) {
			await picture(page, `${name}-320`)
		}
	}
	await page.setViewportSize(WIDE)
	return { name, schemes, cut }
}

// The tests of all looks; visit(world, see) goes to each and calls see(page, name) there.
export function testLooks(visit) {
	const seen = []
	let isWhole = false
	test('every page keeps WCAG 2.2 AA as far as axe can tell, light and dark', async (world) => {
		await visit(world, async (page, name) => { seen.push(await lookAt(page, name)) })
		isWhole = true
		const found = seen.flatMap((s) => Object.entries(s.schemes).map(([scheme, f]) => [`${s.name} ${scheme}`, f]))
		figure(found.map(([name, { bad, passed }]) => `${name} ${bad.length} of ${passed + bad.length}`).join(', '))
		equal(found.filter(([, f]) => f.bad.length > 0).map(([name, f]) => [name, ...f.bad]), [], 'violations')
	})
	for (const [size] of SIZES) {
		test(`nothing is cut off at ${size}`, () => {
			check(isWhole, 'not every page was seen')
			equal(seen.filter((s) => s.cut[size].length > 0).map((s) => [s.name, ...s.cut[size]]), [])
		})
	}
}

// The looks [name, how a page gets there] of one user. Two pages at once, as a machine has two cores; each takes every second look.
export async function twoAtOnce(open, looks, see) {
	await Promise.all([0, 1].map(async (half) => {
		const page = await open()
		for (const [name, go] of looks.filter((_, i) => i % 2 === half)) {
			await go(page).catch((why) => { throw new Error(`${name}: ${why.message}`) })
			await see(page, name)
		}
		await page.context().close()
	}))
}
