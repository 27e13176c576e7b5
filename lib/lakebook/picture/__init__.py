"""Pictures for notebooks: plain values in, something to display out, as HTML and as text."""
