"""The ground: values that every room speaks."""
