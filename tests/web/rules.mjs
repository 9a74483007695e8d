// The page of rules in Chromium, against a real harkd: node rules.mjs SOCKET PASSWORD. test_rules.py starts both, and
// does what a line "!WHAT" on standard output asks for.
import { ask, check, equal, have, hold, open, picture, runAll, signedIn, test, testLooks, twoAtOnce, until, violations } from './browser.mjs'

const OKAPI = `rules:
  - id: wants-okapi
    title: Somebody wants an okapi
    kind: question
    status: live
    score: { base: 70 }
    match: 'zebrafish NEAR/1 okapi'
    tests:
      match: ["zebrafish or okapi"]
      nomatch: ["an okapi"]
`

const rows = (page) => page.locator('[data-rule]')
const editor = (page) => page.getByLabel('Text of the rule file')
const previewed = (page) => page.locator('[data-preview=fresh]').waitFor()

async function toRules(page, path = '') {
	await page.goto('/rules' + path)
	await rows(page).first().waitFor({ state: 'attached' }) // a phone shows the list or the rule
}

test('a rule is written, previewed, tested, saved, and fires', async (world) => {
	const page = await signedIn(world, 'root')
	await page.keyboard.press('g')
	await page.keyboard.press('u')
	await rows(page).first().waitFor()
	await page.keyboard.press('n')
	await page.getByRole('heading', { name: 'A new rule' }).waitFor()
	await until('the editor', () => editor(page).evaluate((e) => e === document.activeElement))
	await page.keyboard.press('Control+a')
	await page.keyboard.insertText(OKAPI)
	await previewed(page)
	await page.locator('[data-sum]').getByText('1 match').waitFor()
	check(/1 match in the last 4 posts: about \d+ alerts? a week/.test(await page.locator('[data-sum]').textContent()), await page.locator('[data-sum]').textContent())
	equal((await page.locator('[aria-label=Preview] mark').allTextContents()).sort(), ['okapi', 'zebrafish'], 'marked words')
	await page.getByText('2 words between them, at most 1 allowed; it would match: raise NEAR/1 to NEAR/2').first().waitFor()
	equal((await ask(page, '/rules')).items.some((r) => r.id === 'wants-okapi'), false, 'the rule is there before it is saved')
	await picture(page, 'rule-preview')
	await page.keyboard.press('Control+Enter')
	await page.locator('[data-tests]').getByText('2 passed, 0 failed.').waitFor()
	await editor(page).fill(OKAPI.replace('zebrafish NEAR/1 okapi', 'okapi').replace('"an okapi"', '"a zebra"'))
	await previewed(page)
	await page.locator('[data-sum]').getByText('2 matches').waitFor()
	await editor(page).press('Control+s')
	await page.getByRole('status').getByText('rules.d/wants-okapi.yaml is saved and in force.').waitFor()
	await page.getByRole('heading', { name: 'Somebody wants an okapi' }).waitFor()
	equal(new URL(page.url()).pathname, '/rules/wants-okapi', 'where one is')
	await have('publish')
	const lead = await until('the lead', async () => (await ask(page, '/leads')).items.find((l) => l.rule === 'wants-okapi'))
	equal(lead.kind, 'question', 'its kind')
	await page.goto('/leads')
	await page.locator('[data-lead]').getByText('Somebody wants an okapi').first().waitFor()
	await picture(page, 'rule-fired')
	await page.context().close()
})

test('what is wrong is said at its place, and the caret goes there', async (world) => {
	const page = await signedIn(world, 'root')
	await toRules(page, '/+')
	await editor(page).fill(OKAPI.replace('wants-okapi', 'own').replace('zebrafish NEAR/1 okapi', 'zebrafish OR okapi AND lion'))
	const found = page.locator('.findings button').first()
	await found.getByText('E012').waitFor()
	equal(await page.locator('.gutter .wrong').allTextContents(), ['7'], 'the marked line')
	equal(await editor(page).getAttribute('aria-invalid'), 'true', 'for screen readers')
	await found.click()
	const [at, focused] = await editor(page).evaluate((e) => [e.value.slice(0, e.selectionStart).split('\n').map((l) => l.length), e === document.activeElement])
	equal([at.length, focused], [7, true], 'line of the caret')
	equal(await found.locator('.place').textContent(), `7:${at.at(-1) + 1}`, 'place and caret')
	await picture(page, 'rule-wrong')
	await page.getByRole('button', { name: 'Save' }).click()
	await page.getByRole('alert').getByText('E012').waitFor()
	equal((await ask(page, '/rules')).items.some((r) => r.id === 'own'), false, 'saved')
	await page.context().close()
})

test('an edit that somebody made meanwhile is not overwritten', async (world) => {
	const page = await signedIn(world, 'root')
	await toRules(page, '/wants-okapi')
	await previewed(page)
	await have('edit')
	await editor(page).fill((await editor(page).inputValue()).replace('Somebody wants', 'Who wants'))
	await page.getByRole('button', { name: 'Save' }).click()
	await page.getByRole('alert').getByText('rules.d/wants-okapi.yaml was changed since you have opened it').waitFor()
	await have('edited')
	await page.getByRole('button', { name: 'Look at what is there now' }).click()
	await page.getByLabel('The text that is there now').getByText('# edited in vi').waitFor()
	equal((await violations(page)).bad, [], 'violations')
	await picture(page, 'rule-conflict')
	check((await editor(page).inputValue()).includes('Who wants'), 'ones own text is gone')
	await page.getByRole('button', { name: 'Take what is there, drop mine' }).click()
	await until('the other text', async () => (await editor(page).inputValue()).endsWith('# edited in vi\n'))
	await have('edited')

	// What is typed while the text is on its way stays, and so does the caret.
	const text = await editor(page).inputValue()
	await editor(page).fill(`${text}# first\n`)
	const saving = await hold(page, '**/rules/wants-okapi')
	await editor(page).press('Control+s')
	await until('it to be on its way', () => saving.isHeld)
	await editor(page).press('Control+End')
	await page.keyboard.insertText('# second\n')
	await saving.let()
	await page.getByRole('status').getByText('rules.d/wants-okapi.yaml is saved and in force.').waitFor()
	equal(await editor(page).evaluate((e) => [e.value.slice(-9), e === document.activeElement]), ['# second\n', true], 'the text, the caret')
	await page.locator('[data-rule="wants-okapi"]').getByText('not saved').waitFor()
	check((await ask(page, '/rules/wants-okapi')).text.endsWith('# first\n'), 'what is kept')
	await editor(page).fill(text)
	await editor(page).press('Control+s')
	await until('it to be as it was', async () => (await ask(page, '/rules/wants-okapi')).text === text)
	await page.context().close()
})

test('a rule goes on trial, is tried on all posts, and is retired', async (world) => {
	const page = await signedIn(world, 'root')
	await toRules(page, '/wants-okapi')
	await page.getByRole('button', { name: 'Put it on trial' }).click()
	await page.getByRole('button', { name: 'Make it live' }).waitFor()
	equal((await ask(page, '/rules/wants-okapi')).status, 'shadow')
	await until('the file', async () => (await ask(page, '/rules/wants-okapi')).text.includes('status: shadow'))
	await page.locator('[data-heading]').focus()
	await page.keyboard.press('b')
	await page.locator('[data-backtest]').getByText('5 posts').waitFor()
	await picture(page, 'rule-backtest')
	await page.getByRole('button', { name: 'Retire it' }).click()
	await page.getByRole('button', { name: 'Put it on trial' }).waitFor()
	equal((await ask(page, '/rules/wants-okapi')).status, 'retired')
	await page.getByRole('button', { name: 'Undo', exact: true }).click()
	await page.getByRole('button', { name: 'Retire it' }).waitFor()
	equal((await ask(page, '/rules/wants-okapi')).status, 'shadow', 'taken back')
	check((await editor(page).inputValue()).includes('status: shadow'), 'the text')
	await page.context().close()
})

test('rules that come with hark are copied, and what is not saved stays', async (world) => {
	const page = await signedIn(world, 'root')
	await toRules(page)
	const pack = (await ask(page, '/rules')).items.find((r) => r.pack).id
	await toRules(page, '/' + pack)
	await page.getByText('It comes with hark and stays as it is').waitFor()
	equal(await page.getByRole('button', { name: 'Save' }).count(), 0, 'a way to save it')
	await page.getByRole('button', { name: 'Copy to my rules' }).click()
	await page.getByRole('heading', { name: 'A new rule' }).waitFor()
	check((await editor(page).inputValue()).includes(`id: own-${pack}\n`), await editor(page).inputValue())
	await editor(page).press('End')
	await page.keyboard.insertText(' ')
	await page.locator('[data-rule]', { hasText: 'wants zebrafish' }).click()
	await page.getByRole('heading', { name: 'Somebody wants zebrafish' }).waitFor()
	await editor(page).fill(await editor(page).inputValue() + '# mine\n')
	await page.locator('[data-rule]', { hasText: 'okapi' }).click()
	await page.getByRole('heading', { name: 'Somebody wants an okapi' }).waitFor()
	await page.locator('[data-rule="wants-zebrafish"]').getByText('not saved').waitFor()
	await page.locator('[data-rule="wants-zebrafish"]').click()
	await until('what was typed', async () => (await editor(page).inputValue()).endsWith('# mine\n'))
	await page.getByRole('button', { name: 'Undo my changes' }).click()
	equal((await editor(page).inputValue()).endsWith('# mine\n'), false, 'after the undo')
	await page.context().close()
})

test('rules are walked by keyboard, and a viewer only reads', async (world) => {
	const page = await signedIn(world, 'vera')
	await toRules(page)
	await page.keyboard.press('j')
	await page.getByRole('heading', { name: 'Somebody wants zebrafish' }).waitFor()
	equal(await editor(page).evaluate((e) => e.readOnly), true, 'read only')
	const names = await page.locator('main button').evaluateAll((all) => all.filter((b) => b.offsetParent !== null).map((b) => b.textContent))
	equal(names, [], 'buttons')
	await page.keyboard.press('e')
	check(await editor(page).evaluate((e) => e === document.activeElement), 'the text has the focus')
	await page.keyboard.press('Escape')
	await page.keyboard.press('Escape')
	await page.keyboard.press('n')
	equal(new URL(page.url()).pathname, '/rules', 'where one is')
	await page.context().close()
})

// What every look is taken of: a name, and how to get there.
const LOOKS = [
	['rules-list', toRules],
	['rules', async (page) => {
		await toRules(page, '/wants-zebrafish')
		await previewed(page)
	}],
	['rule-new', async (page) => {
		await toRules(page, '/+')
		await previewed(page)
	}],
	['rule-pack', async (page) => {
		await toRules(page)
		await page.locator('[data-rule]', { hasText: 'comes with hark' }).first().evaluate((a) => a.click())
		await page.getByText('It comes with hark and stays as it is').waitFor()
	}],
	['rule-missing', async (page) => {
		await toRules(page, '/zebra')
		await page.getByRole('alert').waitFor()
	}],
	['rules-failed', async (page) => {
		await page.route('**/api/v1/rules', (route) => route.abort())
		await page.goto('/rules')
		await page.getByText('hark cannot be reached').waitFor()
		await page.unroute('**/api/v1/rules')
	}],
	['rules-none', async (page) => {
		await page.route('**/api/v1/rules', (route) => route.fulfill({ json: { items: [] } }))
		await page.goto('/rules')
		await page.getByText('There are no rules yet').waitFor()
		await page.unroute('**/api/v1/rules')
	}],
	// the last one: whoever leaves with a text that is not saved is asked
	['rule-wrong', async (page) => {
		await toRules(page, '/+')
		await editor(page).fill('rules:\n  - id: x\n    kind: zebra\n    match: "(("\n')
		await page.locator('.findings button').first().waitFor()
	}],
]

testLooks((world, see) => twoAtOnce(() => signedIn(world, 'root'), LOOKS, see))

test('no page failed, asked elsewhere, ran what a post holds or broke the policy', async (world) => {
	equal(world.trouble, [])
})

const [socket, password] = process.argv.slice(2)
const world = await open(socket)
Object.assign(world, { password })
const good = await runAll(world)
await world.close()
process.exit(good ? 0 : 1)
