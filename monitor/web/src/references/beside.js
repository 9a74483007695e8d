// What to know before somebody is asked, or talks with a prospect: for people, who write it themselves.
import { useState } from 'preact/hooks'
import { useAnswer } from '../answers.js'
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { Failed, Loading, Time } from '../ui.js'
import { Exchange } from './exchange.js'
import { Lazy } from './lists.js'
import { Table } from './reports.js'
import { toneWord } from './words.js'

function Place({ words: w }) {
	const address = webAddress(w.url)
	return html`<p class="meta">${toneWord(w.tone)} on ${w.source}${w.said && html`, <${Time} at=${w.said} />`}. ${address ? html`<a href=${address} target="_blank" rel="noopener noreferrer">Open</a>`
		: 'It has no address to send anybody to.'}</p>`
}

function Brief({ id }) {
	const { found, problem, again } = useAnswer(`/references/${id}/brief`)
	if (found === null) {
		return problem ? html`<${Failed} problem=${problem} again=${again} />` : html`<${Loading} what="their words" />`
	}
	return html`<p>${found.motive ? `What may move them: ${found.motive}.` : 'Nothing says what moves them: ask what is in it for them.'}</p>
		${found.words.length === 0 && html`<p class="hint">Nothing of theirs may be repeated to them.</p>`}
		${found.words.map((w) => html`<blockquote><p class="post-text">${w.text}</p></blockquote><${Place} words=${w} />`)}
		${found.left_out.map((l) => html`<p class="hint" key=${l.cause}>${l.statements === 1 ? 'One statement is' : `${l.statements} statements are`} left out: ${l.why}.</p>`)}`
}

export function Beside({ reference: r, me }) {
	return html`<${Lazy} title="Before they are asked" what=${Brief} id=${r.id} />
		<${Lazy} title="To prepare a talk" path="/references/${r.id}/coach" hint="The limits and lessons they have stated in public." empty="They have stated no limit and no lesson in public." keys=${null} />
		<${Lazy} title="Given in exchange" what=${Exchange} id=${r.id} me=${me} hint="What was asked, offered and agreed." empty="Nothing was asked, offered or agreed yet."
			keys=${['side', 'what', 'worth', 'currency', 'at', 'until', 'by']} />`
}

const POSTS = [['tone', 'voice'], ['account', 'account'], ['industry', 'industry'], ['said', 'said', 'time'], ['captured', 'captured', 'time'], ['text', 'text'], ['url', 'where it stands']]
	.map(([key, title, type = 'text']) => ({ key, title, type }))

function Pack({ id, title }) {
	const [without, setWithout] = useState(false)
	const path = `/pack?deal=${id}${without ? '&without_critical=true' : ''}`
	const { found, problem, again } = useAnswer(path)
	if (found === null && problem === null) {
		return html`<${Loading} what="the pack" />`
	}
	if (found === null) {
		return html`<${Failed} problem=${problem} again=${again} />${!without && html`<p><button onClick=${() => setWithout(true)}>Make it of praise alone</button></p>`}`
	}
	return html`<p class="hint">${found.posts.length} posts as they stand in public, unedited; ${found.critical} critical. <a href="/api/v1${path}&format=csv" download="pack.csv" aria-label="${title} as CSV">CSV</a></p>
		${found.note && html`<p class="reminder">${found.note}</p>`}${found.left_out > 0 && html`<p class="hint">${found.left_out} ${found.left_out_why}.</p>`}
		<div class="wide-table" tabindex="0" role="region" aria-label="${title}, as a table"><${Table} found=${{ columns: POSTS, items: found.posts }} /></div>`
}

export function ProofPack({ request: r }) {
	return html`<${Lazy} title="Proof pack for the prospect" what=${Pack} id=${r.id} />`
}
