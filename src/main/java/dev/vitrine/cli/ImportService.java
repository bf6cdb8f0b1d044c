package dev.vitrine.cli;

/** Whether the service that a catalogue goes to is there. */
final class ImportService {
    private ImportService() {}

    static boolean answers(ServiceClient client) {
        try {
            client.get("/observe/health/live");
            return true;
        } catch (CommandFailedException e) {
            return false;
        }
    }

    /**
     * Asks once, so that a wrong key or address is said at once.
     *
     * @param mayBeAway whether it is not asked at all
     */
    static void check(ServiceClient client, boolean mayBeAway) throws CommandFailedException {
        if (mayBeAway) {
            return;
        }
        ServiceClient.Answer answer = client.get("/jobs?limit=1");
        if (!answer.isSuccess()) {
            throw new CommandFailedException(answer.detail());
        }
    }
}
