"""What was said and coded: who was interviewed, themes, coders' agreement, saturation."""
