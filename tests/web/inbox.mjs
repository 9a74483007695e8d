// The inbox in Chromium, against a real harkd: node inbox.mjs SOCKET PASSWORD. test_inbox.py starts both.
//
// A line "!WHAT" on standard output asks it for posts.
import { ask, check, equal, figure, have, hold, newPage, open, picture, runAll, signedIn, signIn, test, testLooks, typeFast, until }
	from './browser.mjs'

const rows = (page) => page.locator('.row')
const current = (page) => page.locator('.row[aria-current]').getAttribute('data-lead')
const stateOf = async (page, id) => (await ask(page, `/leads/${id}`)).state

async function count(page, query) {
	return (await ask(page, `/leads?limit=500&${query}`)).items.length
}

test('a wrong password is told, and the right one shows the queue', async (world) => {
	const page = await newPage(world)
	await page.goto('/')
	await page.getByLabel('Name').fill('anna')
	await page.getByLabel('Password').fill('wrong')
	await page.keyboard.press('Enter')
	await page.getByRole('alert').getByText('the name or the password is wrong').waitFor()
	await picture(page, 'sign-in')
	await page.getByLabel('Password').fill(world.password)
	await page.keyboard.press('Enter')
	await rows(page).first().waitFor()
	equal(await page.evaluate(() => getComputedStyle(document.body).margin), '0px', 'the style is loaded')
	await page.context().close()
})

test('a hundred leads are triaged by keyboard only', async (world) => {
	const page = await signedIn(world, 'anna')
	await rows(page).first().waitFor()
	await page.evaluate(() => {
		window.paints = []
		new PerformanceObserver((list) => window.paints.push(...list.getEntries().filter((e) => e.name === 'keydown').map((e) => e.duration)))
			.observe({ type: 'event', durationThreshold: 16 })
	})
	const ids = (await ask(page, '/leads?limit=100')).items.map((l) => l.id)
	equal(ids.length, 100, 'leads on the first page')
	const key = (k) => page.keyboard.press(k)
	await key('j')
	for (const [i, id] of ids.entries()) {
		await until(`lead ${i} to be ${id}`, async () => (await current(page)) === id)
		if (i % 4 === 0) {
			await key('c')
			await key('e')
			await key('j')
		} else if (i % 4 === 1) {
			await key('#')
			await key(String(1 + (i % 5)))
		} else if (i % 4 === 2) {
			await key('h')
			await key('3')
		} else {
			await key('c')
			await key('e')
			await key('l')
		}
	}
	const want = { answered: 25, dismissed: 25, snoozed: 25, lost: 25 }
	for (const [state, n] of Object.entries(want)) {
		await until(`${n} leads ${state}`, async () => (await count(page, `state=${state}`)) === n)
	}
	await picture(page, 'leads-worked')
	const paints = await page.evaluate(() => window.paints.sort((a, b) => a - b))
	const presses = 100 * 2.75
	// What is painted within a frame is not listed; those come first.
	const p95 = paints[Math.max(0, Math.floor(presses * 0.95) - Math.round(presses - paints.length))] ?? 16
	figure(`key to paint: p95 ${p95} ms, ${paints.length} of ${presses} keys took longer than a frame`)
	await page.context().close()
})

test('undo takes the last step of each lead back, the last lead first', async (world) => {
	const page = await signedIn(world, 'anna')
	await page.getByLabel('Show').selectOption('new')
	await until('new leads alone', async () => (await rows(page).count()) === (await count(page, 'state=new')))
	await page.keyboard.press('j')
	const first = await current(page)
	await page.keyboard.press('#')
	await page.keyboard.press('1')
	const second = await current(page)
	check(first !== second, 'the next lead is looked at')
	await page.keyboard.press('c')
	await page.keyboard.press('e')
	await until('the second to be answered', async () => (await stateOf(page, second)) === 'answered')
	await page.keyboard.press('u')
	await until('the second to be claimed', async () => (await stateOf(page, second)) === 'claimed')
	await page.keyboard.press('u')
	await until('the first to be new', async () => (await stateOf(page, first)) === 'new')
	equal(await current(page), first, 'the lead that is looked at')
	await page.locator('.detail').getByText('New', { exact: true }).waitFor()
	await page.context().close()
})

test('a star and an owner are set by key and taken back', async (world) => {
	const page = await signedIn(world, 'anna')
	await page.getByLabel('Show').selectOption('new')
	await rows(page).first().waitFor()
	await page.keyboard.press('j')
	const id = await current(page)
	const lead = () => ask(page, `/leads/${id}`)
	await page.keyboard.press('s')
	await until('the star', async () => (await lead()).starred === true)
	await page.locator('.row[aria-current]').getByRole('img', { name: 'Starred' }).waitFor()
	await page.keyboard.press('a')
	await page.getByLabel('Name of a user').fill('bo')
	await page.keyboard.press('Enter')
	await until('the owner', async () => (await lead()).owner === 'bo')
	await page.keyboard.press('u')
	await until('no owner', async () => (await lead()).owner === undefined)
	await page.keyboard.press('a')
	await page.getByLabel('Name of a user').fill('nobody at all')
	await page.keyboard.press('Enter')
	await page.getByRole('alert').getByText('nobody is called').waitFor()
	equal((await lead()).owner, undefined, 'the owner')
	await page.keyboard.press('s')
	await until('no star', async () => (await lead()).starred === undefined)
	await page.context().close()
})

test('a late answer does not undo what was done since', async (world) => {
	const page = await signedIn(world, 'anna')
	await page.getByLabel('Show').selectOption('new')
	await rows(page).first().waitFor()
	await page.keyboard.press('j')
	const id = await current(page)
	await page.getByText('Evidence', { exact: true }).waitFor()
	const list = await hold(page, '**/leads?*')
	await page.keyboard.press('.')
	await until('the list to be on its way, with the lead as it is new', () => list.isHeld)
	const lead = await hold(page, `**/leads/${id}`)
	await page.keyboard.press('c')
	await until('the claimed lead to be on its way', () => lead.isHeld)
	await page.keyboard.press('e')
	await page.locator('.detail').getByText('Answered', { exact: true }).first().waitFor()
	await until('the step to be taken', async () => (await stateOf(page, id)) === 'answered')
	await list.let()
	await lead.let()
	await page.locator('.row[aria-current] .chip').getByText('Answered', { exact: true }).waitFor()
	await page.keyboard.press('l')
	await until('the lead to be lost', async () => (await stateOf(page, id)) === 'lost')

	// The list comes after a step on a lead that was opened by its address.
	const other = (await ask(page, '/leads?state=new&limit=1')).items[0].id
	const first = await hold(page, '**/leads?*')
	await page.goto(`/leads/${other}`)
	await page.getByText('Evidence', { exact: true }).waitFor()
	await until('the list to be on its way', () => first.isHeld)
	await page.keyboard.press('c')
	await until('it to be claimed', async () => (await stateOf(page, other)) === 'claimed')
	await first.let()
	await page.locator('.row[aria-current] .chip').getByText('Claimed', { exact: true }).waitFor()
	await page.locator('.detail').getByText('Claimed', { exact: true }).first().waitFor()
	await page.keyboard.press('e')
	await page.keyboard.press('l')
	await until('it to be lost', async () => (await stateOf(page, other)) === 'lost')
	await page.context().close()
})

test('keys that come faster than a frame are about the lead that was chosen last', async (world) => {
	const page = await signedIn(world, 'anna')
	await page.getByLabel('Show').selectOption('new')
	await rows(page).nth(2).waitFor()
	const id = await rows(page).nth(2).getAttribute('data-lead')
	await typeFast(page, ['j', 'j', 'j', 'c'])
	equal(await current(page), id, 'the lead that is looked at')
	await until('it to be claimed', async () => (await stateOf(page, id)) === 'claimed')
	await page.keyboard.press('r')
	await until('it to be given back', async () => (await stateOf(page, id)) === 'new')
	await page.context().close()
})

test('of two who claim at once one gets it, and the other hears who', async (world) => {
	const pages = [await signedIn(world, 'anna'), await signedIn(world, 'bo')]
	const held = []
	const sent = { n: 0 }
	for (const page of pages) {
		await page.getByLabel('Show').selectOption('new')
		await rows(page).first().waitFor()
		await page.route('**/claim', async (route) => {
			await new Promise((go) => held.push(go))
			sent.n++
			await route.continue()
		})
	}
	const id = await rows(pages[0]).first().getAttribute('data-lead')
	for (const page of pages) {
		await page.goto(`/leads/${id}`)
		await page.getByText('Evidence', { exact: true }).waitFor()
		await page.keyboard.press('c')
		await page.locator('.detail .chip').getByText('Claimed', { exact: true }).waitFor() // shown before it is sent
	}
	await until('both to be on their way', () => held.length === 2)
	held.forEach((go) => go())
	const lead = await until('one to have it', async () => {
		const now = await ask(pages[0], `/leads/${id}`)
		return now.state === 'claimed' && sent.n === 2 ? now : null
	})
	const [winner, loser] = lead.claim.by === 'anna' ? pages : [...pages].reverse()
	await loser.getByRole('alert').getByText(`claimed by ${lead.claim.by}`).waitFor()
	await loser.locator('.detail .hint').getByText(`${lead.claim.by} has claimed it`).waitFor()
	await winner.getByRole('button', { name: 'Answered' }).waitFor()
	equal(lead.history.filter((e) => e.action === 'claim').length, 1, 'claims')
	await picture(loser, 'claim-lost')
	await Promise.all(pages.map((p) => p.context().close()))
})

test('new leads are announced, and nothing moves until they are asked for', async (world) => {
	const page = await signedIn(world, 'anna')
	await rows(page).nth(10).waitFor()
	await rows(page).nth(5).click()
	const before = await rows(page).evaluateAll((all) => all.map((r) => r.dataset.lead))
	const top = await rows(page).nth(5).evaluate((r) => r.offsetTop)
	await have('more')
	await page.getByRole('button', { name: 'Show 3 new leads' }).waitFor()
	equal(await rows(page).evaluateAll((all) => all.map((r) => r.dataset.lead)), before, 'the rows')
	check(Math.abs((await rows(page).nth(5).evaluate((r) => r.offsetTop)) - top) < 60, 'the rows stay where they are but for the note')
	await page.keyboard.press('.')
	await until('them at the top', async () => (await rows(page).nth(3).getAttribute('data-lead')) === before[0])
	await page.context().close()
})

test('what somebody else does is seen without a reload', async (world) => {
	const [anna, bo] = [await newPage(world), await signedIn(world, 'bo')]
	await anna.route('**/events', (route) => route.abort()) // the line is down
	await signIn(anna, 'anna', world.password)
	await rows(anna).first().click()
	const id = await current(anna)
	await anna.getByText('Evidence', { exact: true }).waitFor()
	await bo.goto(`/leads/${id}`)
	await bo.getByText('Evidence', { exact: true }).waitFor()
	await bo.keyboard.press('c')
	await until('it to be claimed', async () => (await stateOf(bo, id)) === 'claimed')
	equal(await anna.locator('.detail .hint').getByText('bo has claimed it').count(), 0, 'what nobody has told')
	await anna.unroute('**/events')
	await anna.locator('.detail .hint').getByText('bo has claimed it').waitFor()
	await bo.keyboard.press('r')
	await anna.getByRole('button', { name: 'Claim' }).waitFor()
	await Promise.all([anna, bo].map((p) => p.context().close()))
})

test('scripts in posts are text: none of 150 runs', async (world) => {
	await have('payloads')
	const page = await signedIn(world, 'anna')
	await page.getByLabel('Kind').selectOption('pain')
	await until('the payloads', async () => (await count(page, 'kind=pain')) >= world.payloads)
	await page.reload()
	await page.getByLabel('Kind').selectOption('pain')
	await rows(page).nth(99).waitFor()
	// One look at each in the page itself: the browser is asked once a lead.
	const look = (last) => page.waitForFunction((before) => {
		const row = document.querySelector('.row[aria-current]')
		const text = document.querySelector('.finding .post-text')
		const at = row?.dataset.lead
		if (at === undefined || at === before || text === null || location.pathname !== `/leads/${at}`) {
			return null
		}
		return { at, text: text.textContent, links: [...document.querySelectorAll('.detail a')].map((a) => a.protocol),
			elements: document.querySelectorAll('.detail :is(script, iframe, img, svg, object, embed, style, link, base, form)').length }
	}, last, { polling: 'raf' }).then((found) => found.jsonValue())
	const seen = new Set()
	let literal = 0
	for (let last = null; seen.size < world.payloads; ) {
		await page.keyboard.press('j')
		const found = await look(last)
		check(found.links.every((l) => ['http:', 'https:'].includes(l)), `links ${found.links}`)
		equal(found.elements, 0, 'elements of posts')
		literal += found.text.includes('<') ? 1 : 0
		seen.add(last = found.at)
	}
	equal(literal, world.payloads, 'payloads that are shown as they are')
	equal(await page.evaluate(() => window.ran), 0, 'scripts that ran')
	figure(`${seen.size} payloads opened, ${literal} of them shown literally, 0 ran`)
	await page.context().close()
})

const searchBox = (page) => page.getByRole('dialog', { name: 'Search all that was said' })

async function search(page, words, hits = 1) {
	await page.keyboard.press('/')
	await page.getByLabel('Words to search for').fill(words)
	await until(`${words} to be found`, async () => {
		await page.keyboard.press('Enter')
		await searchBox(page).locator('[role=status], [role=alert]').filter({ hasNotText: 'Loading' }).first().waitFor()
		return (await page.locator('[data-found]').count()) >= hits
	})
}

test('what was said is found, opens its lead, and without one is shown', async (world) => {
	const page = await signedIn(world, 'anna')
	await rows(page).first().waitFor()
	await search(page, '"number 7"')
	equal(await page.locator('[data-found] mark').allTextContents(), ['Number 7'], 'what is marked')
	await page.keyboard.press('ArrowDown')
	await page.keyboard.press('Enter')
	await page.locator('.finding .post-text').getByText('Number 7,').waitFor()
	check(/^\/leads\/lead_\d+$/.test(new URL(page.url()).pathname), page.url())
	equal(await searchBox(page).count(), 0, 'the box')
	await search(page, 'quiet day')
	await page.locator('[data-found]').getByText('no lead').waitFor()
	await page.keyboard.press('ArrowDown')
	await page.keyboard.press('Enter')
	await page.locator('.search blockquote').getByText('A quiet day').waitFor()
	await page.getByLabel('Words to search for').fill('wombat')
	await searchBox(page).getByText('Nothing was said like that').waitFor()
	await page.getByLabel('Words to search for').fill('"wombat')
	await searchBox(page).getByRole('alert').getByText('never closed').waitFor()
	await page.keyboard.press('Escape')
	equal(await searchBox(page).count(), 0, 'the box')
	await page.context().close()
})

// A short list: what axe has to look at behind a window.
async function few(page) {
	await page.getByLabel('Kind').selectOption('hiring')
	await page.getByText('No leads here').waitFor()
}

// What every look is taken of: a name, and how to get there.
const LOOKS = [
	['lead-reach', async (page) => {
		const told = { source: 'b', url: 'https://b.example/2', author: 'Bo Lind', followers: 1200, published: '2026-01-02T03:04:05Z', private: false }
		await page.route('**/api/v1/leads/lead_*', async (route) => {
			const response = await route.fetch()
			const lead = await response.json()
			Object.assign(lead.signals[0], { copies: 22, reach: { sources: 2, followers: 1230, copies: [told, { ...told, author: 'Cy', url: 'javascript:ran=1', private: true }] } })
			await route.fulfill({ response, json: lead })
		})
		await page.keyboard.press('j')
		await page.getByText('in 2 sources, before 1,230 followers').waitFor()
		await page.locator('summary', { hasText: '22 copies' }).click()
		await page.getByRole('link', { name: 'Bo Lind' }).waitFor()
		await page.getByText('and 20 more').waitFor()
		equal(await page.getByRole('link', { name: 'Cy' }).count(), 0, 'links to what is no web address')
		await page.unroute('**/api/v1/leads/lead_*')
	}],
	['leads', async (page) => {
		await rows(page).first().click()
		await page.getByText('History', { exact: true }).waitFor()
	}],
	['leads-none', async (page) => {
		await page.getByLabel('Kind').selectOption('hiring')
		await page.getByText('No leads here').waitFor()
	}],
	['lead-missing', async (page) => {
		await page.goto('/leads/lead_999999')
		await page.getByRole('alert').getByText('there is no lead_999999: it is gone, or never was').waitFor()
		equal(await page.getByRole('button', { name: 'Try again' }).count(), 0, 'what cannot help')
	}],
	['leads-failed', async (page) => {
		await page.route('**/api/v1/leads?*', (route) => route.abort())
		await page.getByLabel('Kind').selectOption('question')
		await page.getByText('hark cannot be reached').waitFor()
		await page.unroute('**/api/v1/leads?*')
	}],
	['keys', async (page) => {
		await few(page)
		await page.keyboard.press('?')
		await page.getByRole('dialog', { name: 'Keys' }).waitFor()
	}],
	['commands', async (page) => {
		await few(page)
		await page.keyboard.press('Control+k')
		await page.getByRole('dialog', { name: 'Commands' }).waitFor()
	}],
	['search', async (page) => {
		await few(page)
		await search(page, 'zebrafish', 20)
	}],
	['search-nothing', async (page) => {
		await few(page)
		await search(page, 'wombat', 0)
	}],
	['reason', async (page) => {
		await page.getByLabel('Show').selectOption('new')
		await rows(page).first().click()
		await page.keyboard.press('#')
		await page.getByRole('dialog', { name: 'Not relevant because' }).waitFor()
	}],
	['snooze', async (page) => {
		await page.getByLabel('Show').selectOption('new')
		await rows(page).first().click()
		await page.keyboard.press('h')
		await page.getByRole('dialog', { name: 'Snooze for' }).waitFor()
	}],
	['assign', async (page) => {
		await page.getByLabel('Show').selectOption('new')
		await rows(page).first().click()
		await page.keyboard.press('a')
		await page.getByRole('dialog', { name: 'Assign to' }).waitFor()
	}],
	['won', async (page) => {
		await page.getByLabel('Show').selectOption('mine')
		await rows(page).locator('.chip.good').first().click()
		await page.keyboard.press('w')
		await page.getByRole('dialog', { name: 'Won' }).waitFor()
	}],
]

testLooks(async (world, see) => {
	const page = await newPage(world)
	await page.goto('/')
	await page.getByLabel('Name').waitFor()
	await see(page, 'sign-in')
	await signIn(page, 'anna', world.password)
	for (const [name, go] of LOOKS) {
		await page.goto('/leads')
		await rows(page).first().waitFor()
		await go(page)
		await see(page, name)
	}
	await page.context().close()
})

test('single keys can be turned off, and commands are found by name', async (world) => {
	const page = await signedIn(world, 'anna')
	await rows(page).first().waitFor()
	await page.keyboard.press('j')
	const id = await current(page)
	await page.keyboard.press('?')
	await page.getByLabel('Single keys work').uncheck()
	await page.keyboard.press('Escape')
	await page.keyboard.press('j')
	equal(await current(page), id, 'a key that is off')
	await page.keyboard.press('Control+k')
	await page.keyboard.type('sign out')
	await page.keyboard.press('Enter')
	await page.getByText('You are signed out.').waitFor()
	equal((await page.request.get('/api/v1/me')).status(), 401, 'the session')
	await page.context().close()
})

test('a viewer looks and is told so', async (world) => {
	const page = await signedIn(world, 'vera')
	await rows(page).first().waitFor()
	await page.keyboard.press('j')
	await page.getByText('You may look at leads').waitFor()
	const id = await current(page)
	await page.keyboard.press('c')
	await page.getByRole('alert').getByText('a viewer only looks').waitFor()
	equal((await ask(page, `/leads/${id}`)).history.filter((e) => e.actor === 'vera'), [], 'steps')
	await page.context().close()
})

test('no page failed, asked elsewhere or broke the policy', async (world) => {
	equal(world.trouble, [])
})

const [socket, password, payloads] = process.argv.slice(2)
const world = await open(socket)
Object.assign(world, { password, payloads: Number(payloads) })
const good = await runAll(world)
await world.close()
process.exit(good ? 0 : 1)
