// What became of references, and who holds them up: each report as a table, with a chart where one would rather look.
import { useEffect, useState } from 'preact/hooks'
import { useAnswer } from '../answers.js'
import { watch } from '../api.js'
import { html } from '../html.js'
import { Bars, Figure } from '../overview/charts.js'
import { follow } from '../route.js'
import { webAddress } from '../links.js'
import { span } from '../time.js'
import { Failed, Loading, Time } from '../ui.js'
import { permissionWord } from './words.js'

const RANGES = [['', 'all the time'], ['90', '90 days'], ['365', 'a year']]
const BARS_MAX = 15

const sum = (rows, key) => rows.reduce((n, r) => n + (r[key] ?? 0), 0)
const share = (n, of) => (of > 0 ? n / of : 0)
const percent = (n, of) => `${Math.round(share(n, of) * 100)} %`
const short = (n) => n.toLocaleString('en', { maximumFractionDigits: 1 })

function bar(label, n, of, note = `${n}, ${percent(n, of)}`) {
	return { label, note, bars: [{ tone: 'usual', share: share(n, of), title: `${label}: ${note}` }] }
}

// The rows of a chart, or none.
const CHARTS = {
	funnel: (rows) => {
		const all = sum(rows, 'found') + sum(rows, 'nominated')
		return [['Found or put up', all], ['Asked', sum(rows, 'asked')], ['Agreed', sum(rows, 'permitted')], ['Used', sum(rows, 'used')]]
			.map(([label, n]) => bar(label, n, all))
	},
	stages: (rows) => rows.map((r) => bar(permissionWord(r.permission)[0], r.references, sum(rows, 'references'), `${r.references}, ${short(r.mean_days ?? 0)} days on average`)),
	approvals: (rows) => rows.map((r) => ({
		label: r.owner ?? 'nobody', note: `${r.granted} of ${r.asked}`,
		bars: [{ tone: 'late', share: share(r.asked, Math.max(...rows.map((o) => o.asked))), title: `${r.asked} asked` },
			{ tone: 'usual', share: share(r.granted, Math.max(...rows.map((o) => o.asked))), title: `${r.granted} granted` }],
	})),
	satisfaction: (rows) => rows.filter((r) => r.scale > 0 && r.mean >= 0)
		.map((r) => bar(`${r.account}, ${r.measure}`, r.mean, r.scale, `${short(r.mean)} of ${short(r.scale)}`)),
	origins: (rows) => rows.map((r) => bar(r.origin, r.permitted, r.references, `${r.permitted} of ${r.references} agreed`)),
}

// [name, title, what it says, what is said where it is empty]
const REPORTS = [
	['funnel', 'From found to used', 'How many references got how far.', 'There are no references yet.'],
	['stages', 'Where they stand', 'How many stand where, and for how long.', 'There are no references yet.'],
	['stuck', 'Stuck', 'Nothing has moved for 30 days, and who it waits for.', 'No reference is stuck.'],
	['at-risk', 'At risk', 'Somebody they rest on has changed jobs.', 'No reference is at risk: nobody has moved.'],
	['holds', 'On hold', 'Who must not be asked now, and why.', 'No reference is on hold.'],
	['approvals', 'Approvals', 'Light: asked. Dark: agreed.', 'Nobody was asked for a permission yet.'],
	['satisfaction', 'Satisfaction', 'What surveys and public words say of each account.', 'No account has answered a survey or said anything in public yet.'],
	['origins', 'Where they come from', 'Found by rules or put up by colleagues, and how many agreed.', 'There are no references yet.'],
	['supporters', 'Supporters', 'Who answers and praises in private communities.', 'Nobody has answered or praised in a private community yet.'],
	['outsiders', 'To thank', 'Customers outside the program who have praised.', 'No customer outside the program has praised.'],
	['imports', 'What it rests on', 'The last import of each kind.', 'Nothing is brought in yet: the page People has lists for that.'],
]

const SHOWN = {
	name: (r) => (r.reference === undefined ? r.name : html`<a href="/references/ref_${r.reference}" onClick=${follow}>${r.name}</a>`),
	permission: (r) => permissionWord(r.permission)[0],
	private: (r) => (r.private ? 'private: not to be quoted' : ''),
}

const TYPES = {
	text: (value) => value,
	time: (value) => html`<${Time} at=${value} />`,
	truth: (value) => (value ? 'yes' : 'no'),
	span: (ms) => span(0, ms),
}

function Cell({ row, column: { key, type } }) {
	const value = row[key]
	if (value === undefined) {
		return ''
	}
	const address = key === 'url' ? webAddress(value) : null
	if (address) {
		return html`<a href=${address} target="_blank" rel="noopener noreferrer">Open</a>`
	}
	return SHOWN[key]?.(row) ?? TYPES[type]?.(value) ?? short(value)
}

function title(text) {
	return text[0].toUpperCase() + text.slice(1)
}

export function Table({ found }) {
	const columns = found.columns.filter((c) => c.key !== 'reference') // the name leads there
	const look = ({ type }) => (['count', 'number'].includes(type) ? 'number' : undefined)
	return html`<table><thead><tr>${columns.map((c) => html`<th key=${c.key} scope="col" class=${look(c)}>${title(c.title)}</th>`)}</tr></thead>
		<tbody>${found.items.map((row) => html`<tr>${columns.map((c, i) => (i === 0 ? html`<th scope="row"><${Cell} row=${row} column=${c} /></th>`
			: html`<td class=${look(c)}><${Cell} row=${row} column=${c} /></td>`))}</tr>`)}</tbody></table>`
}

function Report({ name, title, hint, empty, days }) {
	const query = days === '' ? '' : `days=${days}`
	const { found, problem, again } = useAnswer(`/reports/${name}?${query}`)
	if (found === null) {
		const state = problem ? html`<${Failed} problem=${problem} again=${again} />` : html`<${Loading} what="the report" />`
		return html`<${Figure} title=${title} state=${state} />`
	}
	if (found.items.length === 0) {
		return html`<${Figure} title=${title} hint=${empty} />`
	}
	const rows = (CHARTS[name]?.(found.items) ?? []).slice(0, BARS_MAX)
	const chart = rows.length > 0 && html`<${Bars} rows=${rows} label="${title}. The table has the numbers." />`
	const csv = html`<a href="/api/v1/reports/${name}?format=csv&${query}" download="${name}.csv" aria-label="${title} as CSV">CSV</a>`
	return html`<${Figure} title=${title} hint=${hint} more=${csv} chart=${chart}><${Table} found=${found} /><//>`
}

export function Reports({ onLive, setCommands }) {
	const [days, setDays] = useState('')
	useEffect(() => {
		setCommands(RANGES.map(([id, name]) => ({ name: `Reports: ${name}`, run: () => setDays(id) })))
		return watch({}, onLive)
	}, [])
	return html`<section class="list reports" aria-label="Reports">
		<div class="filters"><label><span>What came in</span><select value=${days} onChange=${(e) => setDays(e.currentTarget.value)}>
			${RANGES.map(([id, name]) => html`<option key=${id} value=${id}>${name}</option>`)}</select></label></div>
		${REPORTS.map(([name, title, hint, empty]) => html`<${Report} key=${name} name=${name} title=${title} hint=${hint} empty=${empty} days=${days} />`)}
	</section>`
}
