package dev.vitrine.reload.check;

/** What an exception says, on one line. */
final class CamelFault {
    private CamelFault() {}

    /** The messages of an exception and of its causes, outermost first, each said once. */
    static String of(Throwable failure) {
        StringBuilder reason = new StringBuilder();
        String last = "";
        for (Throwable e = failure; e != null; e = e.getCause()) {
            String message = String.valueOf(e.getMessage()).strip();
            if (e.getMessage() != null && !last.contains(message)) {
                reason.append(reason.isEmpty() ? "" : ": ").append(message.replaceAll("\\s*\\R[\\s*^]*", " "));
                last = message;
            }
        }
        return reason.isEmpty() ? failure.toString() : reason.toString();
    }

    /** What the innermost cause says, which is the component's own word, without what Camel says around it. */
    static String innermost(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return of(root);
    }
}
