"""What must hold and what is tried: rules, scenarios and examples."""
