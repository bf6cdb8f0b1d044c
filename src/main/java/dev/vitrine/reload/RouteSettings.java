package dev.vitrine.reload;

import dev.vitrine.settings.Setting;
import dev.vitrine.settings.SettingSource;
import java.util.List;

/**
 * Who may change the routes of a running service.
 *
 * @param reload whether changed route files are taken up while the service runs
 * @param cli whether Camel's own command line may look at this process and send to its routes
 */
public record RouteSettings(boolean reload, boolean cli) {
    private static final Setting<String> RELOAD = Setting.choice(
            "VITRINE_RELOAD",
            "`on` or `off`: whether changed route files are taken up while the service runs",
            "on",
            "off");
    private static final Setting<String> CLI = Setting.choice(
            "VITRINE_CLI",
            "`on`: [Camel's command line](docs/integration.md#camels-command-line) may look at the service and steer it",
            "off",
            "on");

    /** All that is read here. */
    public static final List<Setting<?>> ALL = List.of(RELOAD, CLI);

    /** Reads an installation's settings. */
    public static RouteSettings read(SettingSource source) {
        return new RouteSettings(
                RELOAD.read(source).equals("on"), CLI.read(source).equals("on"));
    }
}
