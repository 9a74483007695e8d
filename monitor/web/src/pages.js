// The first part of each page's path. The server answers these with the document, and nothing else.
export const PAGES = ['overview', 'leads', 'people', 'references', 'rules', 'sources', 'alerts', 'privacy', 'setup']
