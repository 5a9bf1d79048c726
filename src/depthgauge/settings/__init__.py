"""params.yaml as frozen, validated objects."""
