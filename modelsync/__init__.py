"""ModelSync: one YAML file says how a model is made, checked, versioned, promoted and deployed."""

__version__ = "0.1.0"
