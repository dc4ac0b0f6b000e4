"""The project's long-living processes; they host what other rooms made and decide nothing."""
