package dev.vitrine.http;

/** An exception that knows how it is answered over HTTP; its message is for the client. */
public interface Refusal {

    /** HTTP status, 400 to 599. */
    int status();
}
