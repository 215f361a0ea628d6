"""What was said: projects of any coding tool in, one model of interviews, codes and codings out."""
