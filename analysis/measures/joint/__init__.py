"""Both halves together: numbers and themes that other measures made in; joint displays, held against them, out."""
