// One finding of a lead: the post as text, with the words that matched marked. Never as HTML.
import { html } from '../html.js'
import { webAddress } from '../links.js'
import { cut } from '../marks.js'
import { Chip, Time } from '../ui.js'
import { whyWords } from '../words.js'

export function Marked({ text, spans, field }) {
	return cut(text, spans, field).map(([piece, marked]) => (marked ? html`<mark>${piece}</mark>` : piece))
}

export function Author({ author = {} }) {
	const name = author.display_name ?? author.handle ?? 'somebody'
	const address = webAddress(author.profile_url)
	return address ? html`<a href=${address} target="_blank" rel="noopener noreferrer">${name}</a>` : html`<span>${name}</span>`
}

function Words({ finding }) {
	const { post } = finding
	if (post.deleted) {
		return html`<p class="hint">The post was deleted where it was published.</p>`
	}
	if (!post.title && !post.text) {
		return html`<p class="hint">Its text is not kept any more.</p>`
	}
	return html`<blockquote>
		${post.title && html`<p class="post-title"><${Marked} text=${post.title} spans=${finding.spans} field="title" /></p>`}
		${post.text && html`<p class="post-text"><${Marked} text=${post.text} spans=${finding.spans} field="text" /></p>`}
	</blockquote>`
}

const NUMBER = new Intl.NumberFormat()

// How far it has gone, and where else it is.
function Reach({ finding: { copies, reach } }) {
	if (reach === undefined || (reach.copies.length === 0 && reach.followers === undefined)) {
		return null
	}
	const more = copies - reach.copies.length
	const where = reach.sources === 1 ? 'one source' : `${NUMBER.format(reach.sources)} sources`
	return html`<p class="meta"><strong>Reach:</strong> in ${where}${reach.followers !== undefined && `, before ${reach.followers === 1 ? 'one follower' : `${NUMBER.format(reach.followers)} followers`}, as far as they are known`}</p>
		${reach.copies.length > 0 && html`<details><summary>${copies === 1 ? 'One copy' : `${NUMBER.format(copies)} copies`}</summary>
			<ul class="around">${reach.copies.map((c) => html`<li>${webAddress(c.url) ? html`<a href=${webAddress(c.url)} target="_blank" rel="noopener noreferrer">${c.author ?? c.source}</a>` : c.author ?? 'somebody'}
				${' '}on ${c.source}, <${Time} at=${c.published} />${c.followers !== undefined && html`, ${c.followers === 1 ? 'one follower' : `${NUMBER.format(c.followers)} followers`}`}
				${c.private && html` <${Chip} tone="hot">Not public<//>`}</li>`)}
				${more > 0 && html`<li>and ${NUMBER.format(more)} more</li>`}</ul></details>`}`
}

export function Reminder({ post }) {
	return post.private
		? html`<p class="reminder"><strong>Not public.</strong> hark read this with your own rights: do not quote it outside.</p>`
		: html`<p class="reminder"><strong>If you answer in public,</strong> say who you are and that you work for us.</p>`
}

export function Evidence({ finding, first }) {
	const { post } = finding
	const address = webAddress(post.url)
	return html`<article class="finding">
		<p class="meta"><${Author} author=${post.author} /> on ${post.source}${post.published && html`, <${Time} at=${post.published} />`}
			${finding.gone && html` <${Chip}>edited: it does not say so any more<//>`}
			${post.edits && html` <${Chip}>edited<//>`}</p>
		<${Words} finding=${finding} />
		<${Reach} finding=${finding} />
		<p class="meta">Rule ${finding.rule}, ${finding.score} points. ${whyWords(finding.explain)}</p>
		${address && html`<div class="answer">
			<a class="button" data-post=${first ? 'first' : undefined} href=${address} target="_blank" rel="noopener noreferrer">Open the post</a>
			<${Reminder} post=${post} /></div>`}
	</article>`
}
