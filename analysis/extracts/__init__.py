"""What arrived: delivered files in, checked canonical tables out."""
