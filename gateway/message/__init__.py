"""What is exchanged: the model, its XML and JSON codecs, the content digest, the published schemas."""
