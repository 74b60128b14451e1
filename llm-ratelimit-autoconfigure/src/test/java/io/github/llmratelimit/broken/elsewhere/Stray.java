package io.github.llmratelimit.broken.elsewhere;

public class Stray {

}
