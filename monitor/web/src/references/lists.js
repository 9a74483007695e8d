// What else the desk of references keeps, each list under a heading and asked for when it is opened.
import { useEffect, useState } from 'preact/hooks'
import { useAnswer } from '../answers.js'
import { watch } from '../api.js'
import { html } from '../html.js'
import { Failed, Loading } from '../ui.js'
import { Table } from './reports.js'

const ROWS_MAX = 500
const NOTED = ' Each look is in the audit trail, as it is for the outside.'

// [path, title, what it says, what is said where it is empty, columns]
const LISTS = [
	['/tasks', 'Find out who', 'They spoke well of you and nobody knows them yet: a review or a list of contacts says who they are.', 'Everybody who spoke well of you is known.',
		['name', 'tone', 'posts', 'source', 'text', 'private', 'last']],
	['/service', 'With service', 'Customers who are unhappy. Nobody at their account is asked meanwhile.', 'No customer who is known is unhappy.',
		['account', 'name', 'text', 'private', 'at', 'until', 'cleared']],
	['/reports/late', 'Deals without a reference', 'They are near their end, and nobody has asked for one.', 'No deal at a late stage is without a request.',
		['opportunity', 'account', 'stage', 'closes', 'owner']],
	['/reports/clock', 'How long requests wait', 'From the request to the first name, by month.', 'Nobody has asked for a reference yet.', null],
	['/reports/lent', 'Lent and borrowed', 'Who lends references to others, and who borrows.', 'Nobody has lent or borrowed a reference yet.', null],
	['/peeks', 'Looks into the community', 'Who of a prospect may look in, for which deal, and who is to be let out.', 'Nobody of a prospect may look into the private community.',
		['who', 'opportunity', 'account', 'granted_by', 'until', 'due']],
	['/values', 'Given in exchange', 'What was asked, offered and agreed.', 'Nothing was asked, offered or agreed yet.',
		['name', 'account', 'side', 'what', 'worth', 'currency', 'at', 'until']],
	['/prospect', 'What a prospect sees', `All that customers said in public, on the official list or not.${NOTED}`, 'No customer who is known said anything in public.',
		['account', 'name', 'tone', 'official', 'flag', 'said', 'source', 'url']],
	['/quotes', 'What may be quoted', `The very words that were agreed to, with name and title.${NOTED}`, 'Nothing may be quoted: nobody is named.',
		['quote', 'name', 'title', 'account', 'expires']],
]

function chosen(found, keys) {
	return keys === null ? found : { ...found, columns: keys.map((key) => found.columns.find((c) => c.key === key)) }
}

export function Inside({ path, title, hint, empty, keys }) {
	const whole = path.startsWith('/reports/')
	const asking = (more) => `${path}${path.includes('?') ? '&' : '?'}${more}`
	const { found, problem, again } = useAnswer(whole ? path : asking(`limit=${ROWS_MAX}`))
	if (found === null) {
		return problem ? html`<${Failed} problem=${problem} again=${again} />` : html`<${Loading} what="the list" />`
	}
	if (found.items.length === 0) {
		return html`<p class="hint">${empty}</p>`
	}
	return html`<p class="hint">${hint} <a href="/api/v1${asking('format=csv')}" download="${path.split('?')[0].split('/').at(-1)}.csv" aria-label="${title} as CSV">CSV</a></p>
		${found.next && html`<p class="hint">These are the first ${ROWS_MAX}; the CSV has all of them.</p>`}
		<div class="wide-table" tabindex="0" role="region" aria-label="${title}, as a table"><${Table} found=${chosen(found, keys)} /></div>`
}

// What is asked for when it is opened; `what` draws it, with the same properties.
export function Lazy({ what: What = Inside, ...props }) {
	const [open, setOpen] = useState(false)
	return html`<details class="figure" onToggle=${(e) => setOpen(e.currentTarget.open)}><summary>${props.title}</summary>
		${open && html`<${What} ...${props} />`}</details>`
}

export function Lists({ onLive, setCommands }) {
	useEffect(() => {
		setCommands([])
		return watch({}, onLive)
	}, [])
	return html`<section class="list reports" aria-label="Lists">
		${LISTS.map(([path, title, hint, empty, keys]) => html`<${Lazy} key=${path} path=${path} title=${title} hint=${hint} empty=${empty} keys=${keys} />`)}
	</section>`
}
