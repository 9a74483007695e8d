// The overview in Chromium: node overview.mjs PASSWORD LINK SOCKET SOCKET SOCKET SOCKET, of a harkd with findings, of
// one without, of one without sources and of one without users, where LINK makes the first. test_overview.py starts all.
import { ask, check, equal, figure, newPage, open, picture, runAll, signedIn, test, testLooks, until, violations } from './browser.mjs'

const region = (page, title) => page.getByRole('region', { name: `${title}, as a table` })
const TITLES = ['Signals by day', 'What became of leads', 'Response clocks', 'Top sources', 'Blind spots']

async function shown(page) {
	await page.goto('/overview')
	await page.getByRole('heading', { name: 'Signals by day' }).waitFor()
}

test('the charts and tables show what hark counts', async ({ full }) => {
	const page = await signedIn(full, 'anna')
	await page.keyboard.press('g')
	await page.keyboard.press('o')
	await page.getByRole('heading', { name: 'Overview' }).waitFor()
	equal(new URL(page.url()).pathname, '/overview', 'where one is')
	for (const title of TITLES) {
		await page.getByRole('heading', { name: title }).waitFor()
		equal(await page.getByRole('region', { name: title, exact: true }).getByRole('img').count(), 1, `charts of ${title}`)
		check((await region(page, title).locator('tbody tr').count()) > 0, `rows of ${title}`)
	}
	const got = await ask(page, `/overview?days=30&offset=${await page.evaluate(() => -new Date().getTimezoneOffset())}`)
	const cells = await region(page, 'Signals by day').locator('tbody tr').first().locator('td').allTextContents()
	equal(Number(cells.at(-1)), got.signals.reduce((sum, s) => sum + s.n, 0), 'signals in all')
	equal(got.signals.reduce((sum, s) => sum + s.n, 0), 60, 'signals of the last 30 days')
	equal(await page.locator('.chart rect[class^=kind-]').count() - 3, got.signals.length, 'parts of bars, beside the legend')
	const funnel = await region(page, 'What became of leads').locator('tbody tr td:nth-child(2)').allTextContents()
	equal(funnel.map(Number), ['raised', 'alerted', 'claimed', 'answered', 'won', 'lost', 'dismissed'].map((k) => got.funnel[k]), 'the funnel')
	check(got.funnel.claimed === 30 && got.funnel.won === 5, JSON.stringify(got.funnel))
	await region(page, 'Response clocks').getByText('Answered by bo').waitFor()
	await region(page, 'Blind spots').getByText('it did not answer').waitFor()
	await page.getByLabel('The last').selectOption('7')
	await page.waitForFunction(() => [...document.querySelectorAll('.figure table')][0].textContent.includes('42'))
	await page.context().close()
})

test('a long time can be zoomed into by keys and buttons', async ({ full }) => {
	const page = await signedIn(full, 'anna')
	await shown(page)
	await page.getByLabel('The last').selectOption('366')
	const plot = page.getByRole('group', { name: /^Signals of each of 366 days/ })
	const seen = plot.getByRole('status')
	await seen.getByText(' to ').waitFor()
	const all = await seen.textContent()
	check((await plot.locator('canvas').count()) === 1, 'what is drawn')
	await plot.getByRole('img').focus()
	await page.keyboard.press('+')
	await until('a closer look', async () => (await seen.textContent()) !== all)
	const closer = await seen.textContent()
	await page.keyboard.press('ArrowLeft')
	await until('an earlier time', async () => (await seen.textContent()) !== closer)
	await picture(page, 'overview-zoomed-in')
	await plot.getByRole('button', { name: 'All of it' }).click()
	await until('all of it', async () => (await seen.textContent()) === all)
	await page.context().close()
})

test('a new lead is counted without a reload', async ({ full }) => {
	const page = await signedIn(full, 'anna')
	await shown(page)
	const open = (await ask(page, '/leads?state=new&limit=1')).items[0]
	const claimed = () => region(page, 'What became of leads').locator('tbody tr').nth(2).locator('td').first().textContent()
	equal(await claimed(), '30', 'claimed')
	const other = await signedIn(full, 'root')
	await other.goto(`/leads/${open.id}`)
	await other.getByText('Evidence', { exact: true }).waitFor()
	await other.keyboard.press('c')
	await page.waitForFunction(() => document.querySelectorAll('.figure')[1].querySelectorAll('tbody tr')[2].querySelector('td').textContent === '31')
	await Promise.all([page, other].map((p) => p.context().close()))
})

test('without findings or sources the next step is told', async ({ fresh, bare }) => {
	const page = await signedIn(fresh, 'anna')
	await page.goto('/overview')
	await page.getByText('Nothing was found in this time').waitFor()
	await page.getByText('hark reads one source').waitFor()
	await picture(page, 'overview-nothing')
	const [admin, sales] = [await signedIn(bare, 'root'), await signedIn(bare, 'anna')]
	for (const p of [admin, sales]) {
		await p.goto('/overview')
		await p.getByText('hark hears nothing yet').waitFor()
	}
	await picture(admin, 'overview-first')
	equal(await sales.getByRole('link', { name: 'Add the first source' }).count(), 0, 'what sales may not do')
	await admin.getByRole('link', { name: 'Add the first source' }).click()
	await admin.getByRole('heading', { name: 'Add a source' }).waitFor()
	await Promise.all([page, admin, sales].map((p) => p.context().close()))
})

test('the first admin comes by the link, which no address keeps', async ({ first }) => {
	const page = await newPage(first)
	const asked = []
	page.on('request', (request) => asked.push(request.url(), request.headers().referer ?? ''))
	await page.goto('/setup')
	await page.getByText('This page needs the whole link').waitFor()
	await page.goto(link)
	await page.getByRole('heading', { name: 'Welcome to hark' }).waitFor()
	equal(page.url(), `${first.at}/setup`, 'the address')
	const found = {}
	for (const colorScheme of ['light', 'dark']) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
		found[colorScheme] = (await violations(page)).bad
		await picture(page, `setup-${colorScheme}`)
	}
	equal(found, { light: [], dark: [] }, 'violations')
	const fill = async (name, password, again) => {
		await page.getByLabel('Name').fill(name)
		await page.getByLabel('Password').fill(password)
		await page.getByLabel('Once more').fill(again)
		await page.keyboard.press('Enter')
	}
	await fill('ro ot', first.password, first.password)
	await page.getByRole('alert').getByText('a user name has').waitFor()
	await fill('root', first.password, first.password + '!')
	await page.getByRole('alert').getByText('not the same').waitFor()
	await fill('root', first.password, first.password)
	await page.locator('header.top').waitFor()
	equal(new URL(page.url()).pathname, '/leads', 'where one is')
	equal((await ask(page, '/me')).role, 'admin', 'the role')
	equal(asked.filter((text) => text.includes(link.split('#')[1])).length, 0, 'addresses with the token')
	await page.context().close()
	const late = await newPage(first)
	await late.goto(link)
	await late.getByLabel('Name').fill('mallory')
	await late.getByLabel('Password').fill(first.password)
	await late.getByLabel('Once more').fill(first.password)
	await late.keyboard.press('Enter')
	await late.getByRole('alert').getByText('the link is for the first user').waitFor()
	await late.context().close()
})

const LOOKS = [
	['overview', shown],
	['overview-long', async (page) => {
		await shown(page)
		await page.getByLabel('The last').selectOption('90')
		await page.locator('.plot canvas').waitFor()
	}],
	['overview-failed', async (page) => {
		await page.route('**/api/v1/overview?*', (route) => route.abort())
		await page.goto('/overview')
		await page.getByText('hark cannot be reached').waitFor()
		await page.unroute('**/api/v1/overview?*')
	}],
]

testLooks(async ({ full, fresh }, see) => {
	const page = await signedIn(full, 'anna')
	for (const [name, go] of LOOKS) {
		await go(page)
		await see(page, name)
	}
	const none = await signedIn(fresh, 'anna')
	await none.goto('/overview')
	await none.getByText('Nothing was found in this time').waitFor()
	await see(none, 'overview-none')
	await Promise.all([page, none].map((p) => p.context().close()))
})

test('no page failed, asked elsewhere or broke the policy', async (worlds) => {
	equal(Object.values(worlds).flatMap((w) => w.trouble), [])
})

const [password, link, ...sockets] = process.argv.slice(2)
const [full, fresh, bare, first] = await Promise.all(sockets.map(open))
const worlds = { full, fresh, bare, first }
Object.values(worlds).forEach((w) => Object.assign(w, { password }))
const good = await runAll(worlds)
await Promise.all(Object.values(worlds).map((w) => w.close()))
process.exit(good ? 0 : 1)
