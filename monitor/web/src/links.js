// An address that a post brought along is followed only where it is one of the web.
export function webAddress(text) {
	try {
		const url = new URL(text)
		return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
	} catch {
		return null
	}
}
