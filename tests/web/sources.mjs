// The page of sources in Chromium, against a real harkd: node sources.mjs SOCKET PASSWORD PEER. test_sources.py starts
// both, and does what a line "!WHAT" on standard output asks for.
import { ask, check, equal, have, open, picture, runAll, signedIn, test, testLooks, twoAtOnce, until, violations } from './browser.mjs'

const rows = (page) => page.locator('[data-source]')
const current = (page) => page.locator('.row[aria-current]').getAttribute('data-source')

async function toSources(page, path = '') {
	await page.goto('/sources' + path)
	await rows(page).first().waitFor({ state: 'attached' }) // a phone shows the list or the source
}

test('a source is added from a web page, asked, and its lead appears', async (world) => {
	const page = await signedIn(world, 'root')
	await page.keyboard.press('g')
	await page.keyboard.press('s')
	await rows(page).first().waitFor()
	await page.keyboard.press('a')
	await page.getByRole('heading', { name: 'Add a source' }).waitFor()
	await page.getByLabel('Address of a web page or a feed').fill(world.peer + '/news')
	await page.keyboard.press('Enter')
	await page.getByRole('alert').getByText('"internal": true').waitFor() // loopback is private
	await page.getByLabel('It is our own server').check()
	await page.getByRole('button', { name: 'Find its feeds' }).click()
	await page.getByText('One feed was found').waitFor()
	await page.getByText('Acme News').waitFor()
	equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'acme-news', 'the name that is proposed')
	await picture(page, 'source-found')
	await page.getByRole('button', { name: 'Try it' }).click()
	await page.getByText('One post; nothing was kept.').waitFor()
	await page.getByText('A quiet week').first().waitFor()
	await page.locator('.yaml').getByText('name: acme-news').waitFor()
	await picture(page, 'source-tried')
	equal((await ask(page, '/sources')).items.length, 3, 'sources after a dry run')
	await page.getByRole('button', { name: 'Add it' }).click()
	await page.getByRole('status').getByText('acme-news is added').waitFor()
	await page.getByRole('heading', { name: 'acme-news' }).waitFor()
	equal(new URL(page.url()).pathname, '/sources/acme-news', 'where one is')
	await have('baseline')
	await have('publish')
	await page.getByText('Last item', { exact: true }).waitFor()
	await page.keyboard.press('p')
	await page.getByRole('status').getByText('acme-news: It is asked next.').waitFor()
	await until('the lead', async () => (await ask(page, '/leads')).items.length === 1)
	await page.keyboard.press('g')
	await page.keyboard.press('i')
	await page.locator('[data-lead]').getByText('Somebody wants zebrafish').first().waitFor()
	await picture(page, 'source-lead')
	await page.context().close()
})

test('a source that was added is taken out again', async (world) => {
	const page = await signedIn(world, 'root')
	await toSources(page, '/+')
	await page.getByLabel('Address of a web page or a feed').fill(world.peer + '/other.xml')
	await page.getByLabel('It is our own server').check()
	await page.getByRole('button', { name: 'Find its feeds' }).click()
	await page.getByRole('button', { name: 'Add it' }).click()
	await page.getByRole('heading', { name: 'other-news' }).waitFor()
	await page.getByRole('button', { name: 'Undo' }).click()
	await page.getByRole('status').getByText('other-news is taken out').waitFor()
	equal((await ask(page, '/sources')).items.filter((s) => s.name === 'other-news'), [], 'what was added')
	await toSources(page, '/acme-news')
	await page.getByRole('button', { name: 'Take it out …' }).click()
	await page.getByRole('dialog', { name: 'Take acme-news out?' }).waitFor()
	equal((await violations(page)).bad, [], 'violations')
	await picture(page, 'source-take-out')
	await page.getByRole('button', { name: 'Keep it' }).click()
	await toSources(page, '/a')
	await page.getByRole('button', { name: 'Poll now' }).waitFor()
	equal(await page.getByRole('button', { name: 'Take it out …' }).count(), 0, 'for one that people keep')
	await page.context().close()
})

test('what is found already is not added twice', async (world) => {
	const page = await signedIn(world, 'root')
	await toSources(page, '/+')
	await page.getByLabel('Address of a web page or a feed').fill(world.peer + '/news')
	await page.getByLabel('It is our own server').check()
	await page.getByRole('button', { name: 'Find its feeds' }).click()
	await page.getByText('it is there already as acme-news').waitFor()
	equal(await page.getByRole('button', { name: 'Add it' }).count(), 0, 'a way to add it')
	await page.context().close()
})

test('a definition shows its settings, and what is wrong with them is said', async (world) => {
	const page = await signedIn(world, 'root')
	await toSources(page, '/+')
	await page.getByRole('button', { name: 'From a definition' }).click()
	await page.getByLabel('Definition').selectOption('mastodon-tag')
	await page.getByLabel('instance').fill('m.example')
	await page.getByRole('textbox', { name: 'tag' }).fill('no tag')
	await page.getByRole('button', { name: 'Go on' }).click()
	await page.getByRole('button', { name: 'Try it' }).click()
	await page.getByRole('alert').getByText('tag').waitFor()
	await picture(page, 'source-definition')
	equal((await ask(page, '/sources')).items.length, 4, 'sources')
	await page.context().close()
})

test('sources are walked, paused, resumed and tried by keyboard', async (world) => {
	const page = await signedIn(world, 'root')
	await toSources(page)
	await page.keyboard.press('j')
	equal(await current(page), 'bad', 'what ails comes first')
	await page.getByText('503').first().waitFor()
	await page.keyboard.press('j')
	equal(await current(page), 'a', 'the next one')
	await page.getByRole('heading', { name: 'Coverage' }).waitFor()
	const table = page.getByRole('region', { name: 'Blind spots' }).locator('tbody tr')
	await until('the blind spots', async () => (await table.count()) >= 3)
	equal(await page.locator('.coverage .filled').count(), 1, 'spots that were read later')
	check((await page.locator('.coverage .blind').count()) >= 2, 'spots in the bar')
	await page.locator('.coverage-head select').selectOption('90')
	await page.locator('.coverage canvas').waitFor()
	const long = page.getByRole('group', { name: /^The last 90 days: \d blind spots/ })
	const all = await long.getByRole('status').textContent()
	await long.getByRole('button', { name: 'Closer' }).click()
	await until('a closer look', async () => (await long.getByRole('status').textContent()) !== all)
	await picture(page, 'source-coverage')
	await page.locator('.row[aria-current]').focus()
	await page.keyboard.press('z')
	await page.locator('.detail').getByText('Paused', { exact: true }).waitFor()
	await page.locator('.detail').getByRole('button', { name: 'Resume' }).waitFor()
	check((await ask(page, '/sources/a')).paused, 'it is paused')
	await page.getByRole('button', { name: 'Undo' }).click()
	await page.locator('.detail').getByRole('button', { name: 'Pause' }).waitFor()
	await page.keyboard.press('t')
	await page.getByText('nothing was kept').waitFor()
	await page.keyboard.type('/zebra') // none of its letters is a step
	await page.getByText('No source is called that').waitFor()
	equal((await ask(page, '/sources/a')).paused, false, 'paused')
	await page.context().close()
})

test('how a source goes is shown as it happens, without a question about all of them', async (world) => {
	const [page, other] = [await signedIn(world, 'vera'), await signedIn(world, 'root')]
	await toSources(page, '/a')
	await toSources(other, '/a')
	const word = page.locator('[data-source=a] .chip')
	await word.getByText('Well').waitFor()
	await other.keyboard.press('z')
	await word.getByText('Paused').waitFor()
	await page.locator('.detail').getByText('when it is resumed').waitFor()
	const asked = [] // the line is up
	page.on('request', (request) => asked.push(new URL(request.url()).pathname))
	await other.keyboard.press('z')
	await word.getByText('Well').waitFor()
	equal(asked.filter((path) => path === '/api/v1/sources'), [], 'questions about all')
	await Promise.all([page, other].map((p) => p.context().close()))
})

test('a viewer sees how sources go, and nothing that would be refused', async (world) => {
	const page = await signedIn(world, 'vera')
	await toSources(page, '/a')
	await page.getByRole('heading', { name: 'Coverage' }).waitFor()
	const names = await page.locator('main button, main .button').evaluateAll((all) => all.filter((b) => b.offsetParent !== null).map((b) => b.textContent))
	equal(names, [], 'buttons')
	await page.keyboard.press('a')
	await page.keyboard.press('z')
	equal(new URL(page.url()).pathname, '/sources/a', 'where one is')
	equal((await ask(page, '/sources/a')).paused, false, 'paused')
	await page.goto('/sources/+')
	await rows(page).first().waitFor()
	equal(await page.getByLabel('Address of a web page or a feed').count(), 0, 'the form')
	await page.context().close()
})

test('receivers are tried, what did not arrive is sent again, and leads are kept quiet for a while', async (world) => {
	const page = await signedIn(world, 'root')
	await page.keyboard.press('g')
	await page.keyboard.press('a')
	await page.getByRole('button', { name: 'Send a test to out' }).click()
	await page.getByText('It took it.').waitFor()
	await page.getByRole('button', { name: 'Send a test to hook' }).click()
	await page.getByText('It did not take it.').waitFor()
	await page.getByText('It answered 503').waitFor()
	await page.getByRole('button', { name: 'Send all of them again' }).click()
	await page.locator('.toast').getByText('One is sent again.').waitFor()
	await page.getByRole('button', { name: 'Keep something quiet …' }).click()
	const dialog = page.getByRole('dialog', { name: 'Keep something quiet' })
	await dialog.getByLabel('Leads of').selectOption('account')
	await dialog.getByLabel('Which').fill('Globex')
	await dialog.getByLabel('Why').fill('at the fair')
	await page.keyboard.press('Enter')
	await page.getByRole('button', { name: 'End it: Globex' }).click()
	await page.getByText('Nothing is kept quiet.').waitFor()
	await page.getByRole('button', { name: 'Undo' }).click()
	await page.getByRole('button', { name: 'End it: Globex' }).waitFor()
	equal((await ask(page, '/silences')).items.map((s) => [s.value, s.reason]), [['Globex', 'at the fair']], 'what is kept quiet')
	await page.context().close()
	const viewer = await signedIn(world, 'vera')
	await viewer.goto('/alerts')
	await viewer.getByText('at the fair').waitFor()
	equal(await viewer.locator('main button').count(), 0, 'buttons')
	equal(await viewer.getByRole('heading', { name: 'Receivers' }).count(), 0, 'receivers')
	await viewer.context().close()
})

// What every look is taken of: a name, and how to get there.
const LOOKS = [
	['sources-list', toSources],
	['sources', async (page) => {
		await toSources(page, '/a')
		await page.getByRole('heading', { name: 'Coverage' }).waitFor()
	}],
	['source-failing', async (page) => {
		await toSources(page, '/bad')
		await page.getByText('Last error').waitFor()
	}],
	['source-missing', async (page) => {
		await toSources(page, '/zebra')
		await page.getByRole('alert').waitFor()
	}],
	['source-add', async (page) => {
		await toSources(page, '/+')
		await page.getByLabel('Address of a web page or a feed').fill(world.peer + '/news')
		await page.getByLabel('It is our own server').check()
		await page.getByRole('button', { name: 'Find its feeds' }).click()
		await page.getByText('One feed was found').waitFor()
	}],
	['source-settings', async (page) => {
		await toSources(page, '/+')
		await page.getByRole('button', { name: 'From a definition' }).click()
		await page.getByLabel('Definition').selectOption('mastodon-tag')
		await page.getByLabel('instance').waitFor()
	}],
	['sources-failed', async (page) => {
		await page.route('**/api/v1/sources', (route) => route.abort())
		await page.goto('/sources')
		await page.getByText('hark cannot be reached').waitFor()
		await page.unroute('**/api/v1/sources')
	}],
	['alerts', async (page) => {
		await page.goto('/alerts')
		await page.getByRole('button', { name: 'End it: Globex' }).waitFor()
		await page.getByRole('button', { name: 'Send a test to hook' }).click()
		await page.getByText('It answered 503').waitFor()
	}],
	['sources-none', async (page) => {
		await page.route('**/api/v1/sources', (route) => route.fulfill({ json: { items: [] } }))
		await page.goto('/sources')
		await page.getByText('There are no sources yet').waitFor()
		await page.unroute('**/api/v1/sources')
	}],
]

testLooks((world, see) => twoAtOnce(() => signedIn(world, 'root'), LOOKS, see))

test('no page failed, asked elsewhere or broke the policy', async (world) => {
	equal(world.trouble, [])
})

const [socket, password, peer] = process.argv.slice(2)
const world = await open(socket)
Object.assign(world, { password, peer })
const good = await runAll(world)
await world.close()
process.exit(good ? 0 : 1)
