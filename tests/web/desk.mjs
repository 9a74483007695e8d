// People and References in Chromium, against a real harkd: node desk.mjs SOCKET PASSWORD. test_desk.py starts both.
//
// A line "!publish", "!publish script" or "!hark WORDS" on standard output asks it for posts, or for what the command prints.
import { readFileSync } from 'node:fs'
import { ask, check, equal, hold, newPage, open, picture, runAll, signIn, test, testLooks, typeFast, until, violations, want } from './browser.mjs'

const hark = async (words) => JSON.parse(await want(`hark ${words}`))

async function at(world, user, path, options) {
	const page = await newPage(world, options)
	await signIn(page, user, world.password)
	await page.goto(path)
	await page.locator('main.desk, main.privacy').waitFor()
	return page
}

const card = (page, name) => page.locator('.row', { hasText: name })
const column = (page, name) => page.getByRole('region', { name: new RegExp(`^${name}`) })
const step = (page, name) => page.locator(`[data-step=${name}]`)
const said = (page, text) => page.locator('.toast').getByText(text).waitFor()
const permission = async (page, id) => (await ask(page, `/references/${id}`)).permission
const dialog = (page, name) => page.getByRole('dialog', { name })

test('without references the page explains where they come from, and shows the first as it is heard', async (world) => {
	const page = await at(world, 'mia', '/references')
	await page.getByText('No references yet').waitFor()
	await picture(page, 'references-none')
	await page.getByText('Live', { exact: true }).waitFor()
	equal(await want('publish'), 'done')
	await card(page, 'Odalys Merrick').waitFor()
	await page.context().close()
})

// Of what is invented, at a size that suits a page of text.
test('pictures for the README', async (world) => {
	const page = await at(world, 'mia', '/references', { viewport: { width: 1280, height: 640 } })
	await card(page, 'Odalys Merrick').waitFor()
	await picture(page, 'readme-references')
	await page.goto('/leads')
	await card(page, 'Odalys Merrick').first().click()
	await page.locator('.finding mark').first().waitFor()
	await page.locator('.around').getByText('Bea Karsten knows them since 2019-03-05', { exact: true }).waitFor()
	await page.locator('.reminder').getByText('Who answers in public says who they are').waitFor()
	await picture(page, 'readme-inbox')
	await page.context().close()
})

test('a candidate becomes a named reference by keyboard, and quotes show it', async (world) => {
	equal(await want('publish script'), 'done')
	const mia = await at(world, 'mia', '/references')
	const found = column(mia, 'Found')
	await card(found, 'Odalys Merrick').getByText('the import took three weeks', { exact: false }).first().waitFor()
	await card(found, 'Odalys Merrick').getByText('Limit:').waitFor()
	await card(found, 'Odalys Merrick').getByText('through bea').waitFor()
	await card(found, 'Ines Farrow').getByText('nobody keeps the gate', { exact: false }).waitFor()
	await picture(mia, 'references-board')
	const id = await card(mia, 'Odalys Merrick').getAttribute('data-row')
	await until('Odalys to be chosen', async () => {
		await mia.keyboard.press('j')
		return (await mia.locator('.row[aria-current]').getAttribute('data-row')) === id
	})
	await mia.keyboard.press('Enter')
	await mia.getByRole('heading', { name: 'Odalys Merrick' }).waitFor()
	const { statements: [statement] } = await ask(mia, `/references/${id}`)
	await mia.locator('.detail').getByText(statement.sha256).waitFor()
	await mia.locator('.finding').getByText('<img src=x onerror=window.ran=1>', { exact: false }).waitFor()
	equal(await mia.evaluate(() => window.ran), 0, 'a script of a post')
	await mia.keyboard.press('a')
	await said(mia, 'Asked: the gatekeeper has it now.')
	equal(await permission(mia, id), 'asked')
	await card(column(mia, 'Asked'), 'Odalys Merrick').waitFor()
	await step(mia, 'ask').waitFor({ state: 'detached' })

	// The gatekeeper, who is in sales, says what came of it.
	const bea = await at(world, 'bea', `/references/${id}`)
	await step(bea, 'grant').waitFor()
	equal(await step(bea, 'ask').count(), 0, 'sales does not ask')
	await bea.keyboard.press('y')
	await dialog(bea, 'They agreed').waitFor()
	await picture(bea, 'references-grant')
	await dialog(bea, 'They agreed').getByLabel('Call').check()
	await dialog(bea, 'They agreed').getByLabel('Quote', { exact: true }).check()
	await dialog(bea, 'They agreed').getByLabel('Who agreed').press('Enter')
	await said(bea, 'Agreed.')
	const named = await ask(bea, `/references/${id}`)
	equal([named.permission, named.scope, named.consent_statement], ['named', 'call quote', statement.id])
	await bea.getByText('They agreed to this text').waitFor()
	const quotes = await hark('references quotes')
	equal(quotes.map((q) => [q.name, q.quote]), [['Odalys Merrick', statement.text]])
	await picture(bea, 'references-named')

	// Undo, by the note and by the key.
	const toast = bea.locator('.toast')
	await toast.getByRole('button', { name: 'Close this message' }).click()
	await toast.waitFor({ state: 'detached' })
	await bea.keyboard.press('Control+k')
	await bea.getByRole('combobox', { name: 'Command' }).fill('last message: agreed')
	await bea.keyboard.press('Enter')
	await toast.getByRole('button', { name: 'Undo' }).click()
	await said(bea, 'Taken back.')
	equal(await permission(bea, id), 'asked')
	equal(await hark('references quotes'), [])

	// A note that somebody is on stays as long as that.
	await bea.clock.install()
	await bea.keyboard.press('y')
	await dialog(bea, 'They agreed').getByLabel('Who agreed').press('Enter')
	await said(bea, 'Agreed.')
	await toast.getByRole('button', { name: 'Undo' }).focus()
	await bea.clock.fastForward(30000)
	await bea.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
	equal(await toast.getByText('Agreed.').count(), 1)
	await bea.evaluate(() => document.activeElement.blur())
	await bea.mouse.move(0, 0)
	await bea.clock.fastForward(30000)
	await toast.waitFor({ state: 'detached' })
	equal(await permission(bea, id), 'named')
	await Promise.all([mia, bea].map((p) => p.context().close()))
})

test('what the guard is against is not offered, and says why and until when', async (world) => {
	const page = await at(world, 'mia', '/references')
	await card(page, 'Bram Oakden').click()
	await page.getByRole('heading', { name: 'Bram Oakden' }).waitFor()
	const number = new URL(page.url()).pathname.match(/^\/references\/ref_(\d+)$/)[1]
	await page.goto(new URL(`/references/${number}`, page.url()).href) // as people type it
	await page.getByRole('heading', { name: 'Bram Oakden' }).waitFor()
	await step(page, 'ask').waitFor()
	await page.keyboard.press('h')
	await dialog(page, 'Leave them alone').getByRole('button', { name: 'Put on hold' }).click()
	await said(page, 'On hold.')
	await step(page, 'ask').waitFor({ state: 'detached' })
	await card(page, 'Bram Oakden').getByText(/on hold \(not-now\) by mia, free again .*20\d\d/).waitFor()
	const board = page.url()
	const lead = (await hark('leads list --kind praise')).find((l) => l.subject.name === 'Bram Oakden')
	await page.goto(new URL(`/leads/${lead.id}`, board).href) // whoever works the praise as a lead is told, too
	await page.getByRole('listitem').getByText(/a reference, and nobody asks them for more now: on hold \(not-now\) by mia, free again .*20\d\d/).waitFor()
	await page.goto(board)
	await page.getByRole('heading', { name: 'Bram Oakden' }).waitFor()
	await page.keyboard.press('a')
	await page.getByRole('alert').getByText('Not now: on hold (not-now) by mia').waitFor()
	await page.keyboard.press('h')
	await said(page, 'Not on hold any more.')
	await step(page, 'ask').waitFor()
	await page.keyboard.press('u')
	await said(page, 'Taken back.')
	await step(page, 'unhold').waitFor()
	await page.keyboard.press('h')
	await step(page, 'ask').waitFor()

	// An answer from before a step changes nothing.
	const id = await page.locator('.row[aria-current]').getAttribute('data-row')
	const late = await hold(page, `**/references/${id}`)
	await card(page, 'Ines Farrow').click()
	await card(page, 'Bram Oakden').click()
	await until('it to be on its way', () => late.isHeld)
	await page.keyboard.press('h')
	await dialog(page, 'Leave them alone').getByRole('button', { name: 'Put on hold' }).click()
	await said(page, 'On hold.')
	await late.let()
	await step(page, 'unhold').waitFor()

	// Nobody decides about what somebody else has changed meanwhile.
	const bea = await at(world, 'bea', `/references/${id}`)
	await step(bea, 'unhold').waitFor()
	await page.keyboard.press('h')
	await step(page, 'ask').waitFor()
	await bea.keyboard.press('h')
	await bea.getByRole('alert').getByText('it was changed by somebody else').waitFor()
	await step(bea, 'hold').waitFor()
	equal((await ask(page, `/references/${id}`)).hold_until, undefined, 'the hold')
	await Promise.all([page, bea].map((p) => p.context().close()))
})

test('compliance signs what is regulated, and nobody else sees it before', async (world) => {
	const mia = await at(world, 'mia', '/references')
	await card(mia, 'Ines Farrow').click()
	await mia.getByText('One statement waits for compliance').waitFor()
	check(!(await mia.content()).includes('saved us hours'), 'the words that wait')
	const vera = await at(world, 'vera', '/references')
	await card(vera, 'Ines Farrow').click()
	await vera.locator('.finding').getByText('saved us hours', { exact: false }).waitFor()
	await vera.keyboard.press('s')
	await said(vera, 'Signed, as it stands now.')
	await vera.locator('.finding').getByText('Signed by vera').waitFor()
	await Promise.all([mia, vera].map((p) => p.context().close()))
})

test('a request runs from asking to what came of it', async (world) => {
	const ana = await at(world, 'ana', '/references/requests')
	await ana.getByText('No requests here').waitFor()
	await ana.keyboard.press('c')
	await dialog(ana, 'Ask for a reference').getByLabel('For which opportunity').fill('D9')
	await ana.keyboard.press('Enter')
	await ana.getByRole('alert').getByText("there is no opportunity 'D9'").waitFor()
	await ana.keyboard.press('c')
	await dialog(ana, 'Ask for a reference').getByLabel('For which opportunity').fill('D1')
	await dialog(ana, 'Ask for a reference').getByLabel('What the prospect weighs').fill('import speed\nRivalsoft')
	await dialog(ana, 'Ask for a reference').getByRole('button', { name: 'Ask', exact: true }).click()
	await said(ana, 'Asked: the clock runs.')
	await ana.locator('.detail').getByText('import speed, Rivalsoft').waitFor()
	await ana.locator('.finding', { hasText: 'Odalys Merrick' }).waitFor()
	equal(await ana.getByRole('button', { name: 'Name Odalys Merrick' }).count(), 0, 'sales names nobody')

	const mia = await at(world, 'mia', '/references/requests/req_1')
	await picture(mia, 'request')
	await mia.getByRole('button', { name: 'Name Odalys Merrick' }).click()
	await said(mia, 'Named.')
	await mia.getByText('Named for it').waitFor()
	const { names } = await ask(mia, '/requests/req_1')
	equal(names.map((n) => n.name), ['Odalys Merrick'])
	await mia.keyboard.press('y')
	await said(mia, 'Fulfilled.')
	await mia.keyboard.press('u')
	await said(mia, 'Taken back.')
	equal((await ask(mia, '/requests/req_1')).state, 'named')
	await Promise.all([ana, mia].map((p) => p.context().close()))
})

test('reports stand beside the board, each with a table that can be taken along', async (world) => {
	const page = await at(world, 'mia', '/references')
	const handed = async (name) => (await page.request.get(await page.getByRole('link', { name }).getAttribute('href'))).text()
	equal((await handed('References as CSV')).split('\n')[0].split(',').slice(0, 3), ['reference', 'score', 'name'], 'the board')
	await page.getByRole('link', { name: 'Requests' }).click()
	equal((await handed('Requests as CSV')).split('\n')[0].split(',').slice(0, 3), ['request', 'state', 'opportunity'], 'the requests')
	const late = await hold(page, '**/reports/stages?*')
	await page.getByRole('link', { name: 'Reports' }).click()
	const table = (title) => page.getByRole('region', { name: `${title}, as a table` })
	const rows = async (title) => {
		await table(title).waitFor()
		return table(title).locator('tbody tr').evaluateAll((all) => all.map((r) => r.textContent.trim()))
	}
	await page.getByRole('region', { name: 'Where they stand', exact: true }).getByRole('status').waitFor()
	equal(await table('Where they stand').count(), 0, 'what is not there yet is no table')
	await late.let()
	const stages = await hark('report stages')
	equal((await rows('Where they stand')).length, stages.length, 'stages')
	const [funnel] = await hark('report funnel')
	equal(await table('From found to used').locator('tbody tr').first().locator('th, td').allTextContents(),
		[funnel.month, funnel.found, funnel.nominated, funnel.asked, funnel.permitted, funnel.used, ''].map(String), 'the funnel')
	equal(await page.getByRole('region', { name: 'From found to used', exact: true }).getByRole('img').count(), 1, 'its chart')
	await page.getByText('No reference is at risk').waitFor()
	const csv = await page.getByRole('link', { name: 'Approvals as CSV' }).getAttribute('href')
	const text = await (await page.request.get(csv)).text()
	equal(text.split('\n')[0], 'owner,asked,granted,refused,expired,waiting,mean_days,approval', 'the CSV')
	await page.getByLabel('What came in').selectOption('90')
	await table('Approvals').waitFor()
	await table('What it rests on').getByRole('rowheader', { name: 'accounts' }).waitFor()
	await page.context().close()
})

test('what else the desk keeps is opened list by list', async (world) => {
	const page = await at(world, 'mia', '/references/lists')
	const opened = async (title) => {
		await page.locator('summary', { hasText: title }).click()
		return page.getByRole('region', { name: `${title}, as a table` })
	}
	const { items: seen } = await ask(page, '/prospect')
	const prospect = await opened('What a prospect sees')
	await prospect.waitFor()
	equal(await prospect.locator('tbody tr').count(), seen.length, 'the prospect')
	equal(await prospect.getByRole('link', { name: 'Open' }).first().getAttribute('href'), 'https://forum.example/10', 'where it stands')
	const lent = await opened('Lent and borrowed')
	await lent.waitFor()
	equal(await lent.locator('tbody tr').count(), (await hark('references lent')).length, 'lent')
	await opened('Find out who')
	await page.getByText('Everybody who spoke well of you is known.').waitFor()
	await page.goto(new URL('/references/requests/req_1', page.url()).href)
	const pack = await opened('Proof pack for the prospect')
	await pack.waitFor()
	equal(await pack.locator('tbody tr').count(), (await ask(page, '/pack?deal=req_1')).posts.length, 'the pack')
	const { items: [first] } = await ask(page, '/references?account=Globex%20Corporation')
	await page.goto(new URL(`/references/${first.id}`, page.url()).href)
	await page.getByRole('heading', { name: first.name }).waitFor()
	await page.locator('summary', { hasText: 'Before they are asked' }).click()
	await page.getByText('Nothing says what moves them').or(page.getByText('What may move them')).waitFor()
	const brief = await ask(page, `/references/${first.id}/brief`)
	check(brief.words.length > 0, 'nothing was tried')
	equal(await page.locator('details blockquote').allTextContents(), brief.words.map((w) => w.text), 'their words')
	await opened('Given in exchange')
	await page.getByText('Nothing was asked, offered or agreed yet.').waitFor()
	const giving = dialog(page, 'Given in exchange')
	await page.getByRole('button', { name: 'Add to it' }).click()
	await giving.getByLabel('What', { exact: true }).fill('a ticket')
	await giving.getByLabel('Worth').fill('400')
	await giving.getByRole('button', { name: 'Keep it' }).click()
	await giving.getByRole('alert').getByText('Say both or none').waitFor()
	await giving.getByLabel('Currency').fill('EUR')
	await giving.getByRole('button', { name: 'Keep it' }).click()
	await said(page, 'Kept.')
	await page.getByRole('region', { name: 'Given in exchange, as a table' }).getByText('a ticket').waitFor()
	const { values: [given] } = await ask(page, `/references/${first.id}`)
	equal([given.side, given.what, given.worth, given.currency, given.by], ['offered', 'a ticket', 400, 'EUR', 'mia'], 'what was given')
	await page.locator('.toast').getByRole('button', { name: 'Undo' }).click()
	await page.getByText('Nothing was asked, offered or agreed yet.').waitFor()
	await page.goto(new URL('/references/lists', page.url()).href)
	await opened('What a prospect sees')
	const csv = await (await page.request.get(await page.getByRole('link', { name: 'What a prospect sees as CSV' }).getAttribute('href'))).text()
	equal(csv.split('\n')[0].split(',').slice(0, 3), ['product', 'account', 'name'], 'the CSV')
	await page.context().close()
})

test('a person is found by name, with jobs, words and moves', async (world) => {
	const page = await at(world, 'ana', '/people')
	await card(page, 'Ines Farrow').waitFor()
	const third = await page.locator('.row').nth(2).getAttribute('data-row')
	await typeFast(page, ['j', 'j', 'j'])
	equal(await page.locator('.row[aria-current]').getAttribute('data-row'), third, 'after three keys at once')
	await page.keyboard.type('/piet') // none of its letters is a step
	equal(await page.getByLabel('Find by name').inputValue(), 'piet', 'the words')
	await until('the others to be gone', async () => (await page.locator('.row').count()) === 2)
	await card(page, 'Piet Vos').click()
	await page.getByText('Head of Data at Hooli', { exact: false }).first().waitFor()
	await page.locator('summary', { hasText: 'Grade C' }).click()
	await page.getByText('roster', { exact: false }).first().waitFor()
	await page.getByText('Who told of it').waitFor()
	await picture(page, 'person')
	await page.getByLabel('Find by name').fill('odalys')
	await until('Odalys alone', async () => (await page.locator('.row').count()) === 1)
	await card(page, 'Odalys Merrick').click()
	await page.locator('.timeline').getByText('the import took three weeks', { exact: false }).waitFor()
	await page.getByLabel('Find by name').fill('nobody at all')
	await page.getByText('Nobody who is known is called that').waitFor()
	await page.getByRole('button', { name: 'Show everybody' }).click()
	await card(page, 'Anna Müller').click()
	await page.getByRole('button', { name: 'Put up as a reference' }).click()
	await dialog(page, 'Put up as a reference').getByLabel('Why, if you like').fill('thrilled after the roll-out')
	await dialog(page, 'Put up as a reference').getByRole('button', { name: 'Put up' }).click()
	await page.locator('.toast').getByRole('button', { name: 'Show' }).click()
	await page.getByRole('heading', { name: 'Anna Müller' }).waitFor()
	await page.getByText('ana, who put them up').waitFor()
	await page.context().close()
})

test('two that may be one are looked at side by side, accepted and taken back', async (world) => {
	const page = await at(world, 'ana', '/people/reviews')
	await card(page, 'Anna Müller').waitFor()
	const id = await card(page, 'Anna Müller').getAttribute('data-row')
	await until('the pair to be chosen', async () => {
		await page.keyboard.press('j')
		return page.url().endsWith(`/reviews/${id}`)
	})
	await page.locator('.side').getByText('Anna Mueller').waitFor()
	await page.locator('.side').getByText('may agree', { exact: false }).first().waitFor()
	await picture(page, 'review')
	await page.keyboard.press('y')
	await said(page, 'They are one person now.')
	equal((await ask(page, `/reviews/${id}`)).decided_by, 'ana')
	equal((await hark('people show 5'))['one with'].length, 1, 'they are one')
	await page.locator('.toast').getByRole('button', { name: 'Undo' }).click()
	await said(page, 'Taken back.')
	equal((await ask(page, `/reviews/${id}`)).state, 'open')
	await page.keyboard.press('n')
	await said(page, 'They stay two people.')
	await page.keyboard.press('u')
	await until('it to be open', async () => (await ask(page, `/reviews/${id}`)).state === 'open')
	await page.context().close()
})

test('a viewer looks, and is offered nothing', async (world) => {
	const page = await at(world, 'vi', '/references/ref_1')
	await page.getByText('You may look at references').waitFor()
	equal(await page.locator('.answer .button').count(), await page.locator('.answer .reminder').getByText('If you answer in public').count(), 'posts to open, reminders')
	check((await page.locator('.answer .button').count()) > 0, 'posts to open')
	equal(await page.locator('[data-step]').count(), 0, 'steps')
	const before = (await ask(page, '/references/ref_1')).history.length
	for (const key of ['h', 'w', 'y', 'a']) {
		await page.keyboard.press(key)
		await page.getByRole('alert').getByText('a viewer only looks').waitFor()
	}
	equal((await ask(page, '/references/ref_1')).history.length, before, 'steps taken')
	await page.goto('/people/reviews/1')
	await page.getByText('You may look at reviews').waitFor()
	await page.context().close()
})

// What every look is taken of: a name, a path, and what else it takes.
const LOOKS = [
	['references', '/references', (page) => card(page, 'Odalys Merrick').waitFor()],
	['reference', '/references/ref_1', (page) => page.getByText('History', { exact: true }).waitFor()],
	['reference-missing', '/references/ref_999', (page) => page.getByRole('alert').waitFor()],
	['references-empty', '/references', async (page) => {
		await page.getByLabel('Show').selectOption('orphans')
		await page.getByText('Nobody here', { exact: true }).waitFor()
	}],
	['references-failed', '/references', async (page) => {
		await page.route('**/api/v1/references?*', (route) => route.abort())
		await page.getByLabel('Show').selectOption('mine')
		await page.getByText('hark cannot be reached').waitFor()
		await page.unroute('**/api/v1/references?*')
	}],
	['reference-hold', '/references/ref_1', async (page) => {
		await page.getByText('History', { exact: true }).waitFor()
		await page.keyboard.press('h')
		await dialog(page, 'Leave them alone').waitFor()
	}],
	['request-ask', '/references/requests', async (page) => {
		await card(page, 'Hooli roll-out').waitFor()
		await page.keyboard.press('c')
		await dialog(page, 'Ask for a reference').waitFor()
	}],
	['references-keys', '/references', async (page) => {
		await card(page, 'Odalys Merrick').waitFor()
		await page.keyboard.press('?')
		await dialog(page, 'Keys').getByText('Ask the gatekeeper').waitFor()
	}],
	['reports', '/references/reports', (page) => page.getByRole('region', { name: 'What it rests on, as a table' }).waitFor()],
	['reference-lists', '/references/lists', async (page) => {
		await page.locator('summary', { hasText: 'What a prospect sees' }).click()
		await page.getByRole('region', { name: 'What a prospect sees, as a table' }).waitFor()
	}],
	['requests', '/references/requests', (page) => card(page, 'Hooli roll-out').waitFor()],
	['request', '/references/requests/req_1', (page) => page.getByText('History', { exact: true }).waitFor()],
	['people', '/people', (page) => card(page, 'Ines Farrow').waitFor()],
	['person', '/people/6', (page) => page.locator('summary', { hasText: 'Grade C' }).click()],
	['lists', '/people/lists', (page) => page.getByRole('region', { name: 'Lists that were brought in' }).waitFor()],
	['reviews', '/people/reviews', (page) => card(page, 'Anna').waitFor()],
	['review', '/people/reviews/1', (page) => page.locator('.sides').waitFor()],
	['reviews-empty', '/people/reviews', async (page) => {
		await page.getByLabel('Show').selectOption('accepted')
		await page.getByText('Nothing to decide here').waitFor()
	}],
]

async function lookUp(page, who) {
	await page.getByLabel('Who it is, one a line').fill(who)
	await page.getByRole('button', { name: 'Look', exact: true }).click()
	await page.getByRole('heading', { name: 'What is held', exact: true }).waitFor()
}

// The same, for compliance.
const PRIVATE_LOOKS = [
	['privacy', '/privacy', (page) => page.getByLabel('Who it is, one a line').waitFor()],
	['privacy-held', '/privacy', (page) => lookUp(page, 'pieter@initech.example')],
	['privacy-name', '/privacy', (page) => lookUp(page, 'name:Odalys Merrick')],
	['privacy-erase', '/privacy', async (page) => {
		await lookUp(page, 'pieter@initech.example')
		await page.getByRole('button', { name: 'Erase it …' }).click()
		await dialog(page, 'Erase all of it?').waitFor()
	}],
	['privacy-due', '/privacy/due', (page) => page.locator('.finding').or(page.getByText('Nobody has to be told')).first().waitFor()],
	['privacy-due-all', '/privacy/due', async (page) => {
		await page.getByLabel('Due').selectOption('3650')
		await page.getByRole('link', { name: 'Ines Farrow' }).waitFor()
	}],
	['privacy-trail', '/privacy/trail', async (page) => {
		await page.getByRole('region', { name: 'Entries, the newest first' }).waitFor()
		await page.getByRole('button', { name: 'Check the trail' }).click()
		await page.getByText('Whole.').waitFor()
	}],
]
// Each by a page of its own, at the same time.
const ALL_LOOKS = [
	['mia', '/references', LOOKS.filter((_, i) => i % 2 === 0)], ['mia', '/references', LOOKS.filter((_, i) => i % 2 === 1)], ['vera', '/privacy', PRIVATE_LOOKS],
]

testLooks((world, see) => Promise.all(ALL_LOOKS.map(async ([user, from, looks]) => {
	const page = await at(world, user, from)
	for (const [name, path, go] of looks) {
		await page.goto(path)
		await go(page)
		await see(page, name)
	}
	await page.context().close()
})))

test('compliance gives somebody what is held, leaves them alone, and erases it for good', async (world) => {
	const page = await at(world, 'vera', '/people', { expected: ['request: blob:'] })
	await page.keyboard.press('g')
	await page.keyboard.press('v')
	await lookUp(page, 'pieter@initech.example')
	await page.locator('main td').first().waitFor()
	const people = () => hark('people list').then((all) => all.filter((p) => p.name === 'Pieter Vos').length)
	equal(await people(), 1, 'a look changes nothing')
	const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save it as a file for them' }).click()])
	check(readFileSync(await file.path(), 'utf8').includes('pieter@initech.example'), 'what is in the file')
	await page.getByText('The file is saved').waitFor()
	await page.getByRole('button', { name: 'Leave them alone …' }).click()
	await dialog(page, 'Leave them alone from now on?').getByLabel('Why, if you like').fill('asked by mail')
	await page.keyboard.press('Enter')
	await page.getByText('They are left alone from now on.').waitFor()
	await page.getByRole('button', { name: 'Erase it …' }).click()
	const asks = dialog(page, 'Erase all of it?')
	await asks.getByLabel('Write erase to go on').fill('yes')
	check(await asks.getByRole('button', { name: 'Erase' }).isDisabled(), 'another word goes on')
	equal(await people(), 1, 'before the word')
	await asks.getByLabel('Write erase to go on').fill('erase')
	await page.keyboard.press('Enter')
	await page.getByText('Erased.').waitFor()
	equal(await people(), 0, 'people')
	await lookUp(page, 'pieter@initech.example')
	await page.getByText('Nothing is held about them.').waitFor()
	await page.context().close()
})

test('compliance notes who was told, and the trail shows it unbroken', async (world) => {
	const page = await at(world, 'vera', '/privacy/due')
	await page.getByLabel('Due').selectOption('3650')
	const ines = page.locator('.finding', { hasText: 'Ines Farrow' })
	await ines.getByRole('button', { name: 'They were told …' }).click()
	await dialog(page, 'Was Ines Farrow told?').getByRole('button', { name: 'They were told' }).click()
	await said(page, 'Ines Farrow was told')
	await ines.waitFor({ state: 'detached' })
	await page.getByRole('link', { name: 'Audit trail' }).click()
	const newest = page.getByRole('region', { name: 'Entries, the newest first' }).locator('tbody tr').first()
	await newest.getByText('vera').waitFor()
	await page.getByRole('button', { name: 'Check the trail' }).click()
	await page.getByText('none was changed or taken out').waitFor()
	await page.getByLabel('A head from before').fill('0'.repeat(64))
	await page.getByRole('button', { name: 'Check the trail' }).click()
	await page.getByRole('alert').getByText('That head is not in the trail').waitFor()
	await page.context().close()
})

test('a list is looked at, brought in and taken back', async (world) => {
	const page = await at(world, 'root', '/people/lists')
	const buffer = Buffer.from('id,name,email,company,title\nC90,Quentin Ashgrove,quentin@globex.example,Globex Corporation,Buyer\nC91,,,,\n')
	await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'new-contacts.csv', mimeType: 'text/csv', buffer })
	await page.getByRole('button', { name: 'Look at it' }).click()
	await page.getByRole('heading', { name: 'What would come of it' }).waitFor()
	equal((await violations(page)).bad, [], 'violations')
	await picture(page, 'lists-looked')
	const known = () => hark('people list').then((all) => all.filter((p) => p.name === 'Quentin Ashgrove').length)
	equal(await known(), 0, 'after a look')
	await page.getByRole('button', { name: 'Bring it in' }).click()
	await said(page, 'Contacts: 1 new')
	equal(await known(), 1, 'brought in')
	await page.getByRole('region', { name: 'Lists that were brought in' }).getByText('new-contacts.csv').waitFor()
	await page.getByRole('button', { name: 'Undo' }).click()
	await said(page, 'Taken back: 1 removed')
	equal(await known(), 0, 'taken back')
	await page.context().close()
})

test('nobody else is shown the way there, or the page', async (world) => {
	const page = await at(world, 'mia', '/privacy')
	await page.getByText('This page is for compliance and admins').waitFor()
	equal(await page.getByRole('link', { name: 'Privacy' }).count(), 0, 'links')
	equal(await page.getByLabel('Who it is, one a line').count(), 0, 'the form')
	await page.context().close()
})

test('no page failed, asked elsewhere or broke the policy', async (world) => {
	equal(world.trouble, [])
})

const [socket, password] = process.argv.slice(2)
const world = await open(socket)
Object.assign(world, { password })
const good = await runAll(world)
await world.close()
process.exit(good ? 0 : 1)
