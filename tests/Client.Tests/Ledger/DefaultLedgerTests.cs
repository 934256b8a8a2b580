using Chuizi.Video.Client.Ledger;
using Chuizi.Video.Client.Tests.Support;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

[Collection(nameof(Alone))]
public sealed class DefaultLedgerTests : LedgerTest
{
    private static readonly DateTime s_now = new(2026, 1, 31, 23, 59, 59, DateTimeKind.Utc);

    [Theory]
    [InlineData("off", true)]
    [InlineData(" OFF ", true)]
    [InlineData("Off", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void The_default_ledger_can_be_turned_off(string? setting, bool isOff)
    {
        DefaultLedger.IsOff(setting).ShouldBe(isOff);
        (DefaultLedger.ForMonth(setting, s_now) is null).ShouldBe(isOff);
        if (isOff)
        {
            DefaultLedger.All(setting).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_folder_has_one_file_per_month()
    {
        string? path = DefaultLedger.ForMonth($" {Home.Path} ", s_now);
        path.ShouldBe(Home.Of("ledger-2026-01.jsonl"));
        DefaultLedger.ForMonth(Home.Path, s_now.AddSeconds(1)).ShouldBe(Home.Of("ledger-2026-02.jsonl"));
    }

    [Fact]
    public void The_month_is_formatted_the_same_in_every_culture()
    {
        using Support.InCulture culture = new("ar-SA");
        DefaultLedger.ForMonth(Home.Path, s_now).ShouldBe(Home.Of("ledger-2026-01.jsonl"));
    }

    [Theory]
    [InlineData("mine.jsonl")]
    [InlineData("MINE.JSONL")]
    public void A_file_is_used_for_every_month(string name)
    {
        string path = Home.Of(name);
        DefaultLedger.ForMonth(path, s_now).ShouldBe(path);
        DefaultLedger.ForMonth(path, s_now.AddMonths(5)).ShouldBe(path);
        DefaultLedger.All(path).ShouldBeEmpty("it does not exist yet");
        Home.Write(name, []);
        DefaultLedger.All(path).ShouldBe([path]);
    }

    [Theory]
    [InlineData("ledgers", "is not a full path: 'ledgers'")]
    [InlineData("./mine.jsonl", "is not a full path")]
    [InlineData("~ann/ledgers", "is not a full path")]
    [InlineData("no", "is not a full path")]
    public void A_relative_path_is_refused(string setting, string expected)
    {
        ChuiziException exception = Should.Throw<ChuiziException>(() => DefaultLedger.ForMonth(setting, s_now));
        exception.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
        exception.Message.ShouldContain("CHUIZI_LEDGER " + expected);
        Should.Throw<ChuiziException>(() => DefaultLedger.All(setting)).Message.ShouldBe(exception.Message);
    }

    [Fact]
    public void The_home_folder_may_be_a_tilde() =>
        DefaultLedger
            .ForMonth("~/ledgers", s_now)
            .ShouldBe(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "ledgers", "ledger-2026-01.jsonl"));

    [Fact]
    public void A_file_that_does_not_end_in_jsonl_is_refused()
    {
        string list = Home.Write("prompts.csv", "Prompt"u8);
        Should
            .Throw<ChuiziException>(() => DefaultLedger.ForMonth(list, s_now))
            .Message.ShouldContain("is a file whose name does not end with .jsonl");
    }

    [Fact]
    public void All_returns_only_ledger_files_newest_first()
    {
        foreach (
            string name in new[]
            {
                "ledger-2025-12.jsonl",
                "ledger-2026-02.jsonl",
                "ledger-2026-01.jsonl",
                "ledger-2026-01.jsonl.00000000000000aa.lock",
                "run.jsonl",
                "ledger-2026-01.txt",
            })
        {
            Home.Write(name, []);
        }

        DefaultLedger
            .All(Home.Path)
            .Select(Path.GetFileName)
            .ShouldBe(["ledger-2026-02.jsonl", "ledger-2026-01.jsonl", "ledger-2025-12.jsonl"]);
        DefaultLedger.All(Home.Of("none")).ShouldBeEmpty();
    }

    [Fact]
    public void A_folder_without_read_permission_is_reported_with_its_path()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not restrict this user.");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Home.Path, UnixFileMode.UserExecute);
            try
            {
                ChuiziException exception = Should.Throw<ChuiziException>(() => DefaultLedger.All(Home.Path));
                exception.Kind.ShouldBe(ChuiziErrorKind.LedgerUnavailable);
                exception.Message.ShouldContain($"The ledgers in '{Home.Path}' cannot be listed");
            }
            finally
            {
                File.SetUnixFileMode(Home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Fact]
    public void The_default_is_the_users_state_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "Windows and macOS do not use XDG_STATE_HOME.");
        string? before = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        try
        {
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", Home.Path);
            DefaultLedger.ForMonth(null, s_now).ShouldBe(Home.Of("chuizi-video/ledger-2026-01.jsonl"));
            DefaultLedger.ForMonth("  ", s_now).ShouldBe(Home.Of("chuizi-video/ledger-2026-01.jsonl"));
            string expected = Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                ".local/state/chuizi-video/ledger-2026-01.jsonl");
            // The XDG specification requires that relative paths are ignored.
            foreach (string? given in new[] { null, "", "state" })
            {
                Environment.SetEnvironmentVariable("XDG_STATE_HOME", given);
                DefaultLedger.ForMonth(null, s_now).ShouldBe(expected);
            }
        }
        finally
        {
            Environment.SetEnvironmentVariable("XDG_STATE_HOME", before);
        }
    }

    [Fact]
    public void The_folder_of_the_default_ledger_is_known_for_a_folder_and_for_a_file()
    {
        DefaultLedger.FolderOf($" {Home.Path} ").ShouldBe(Home.Path);
        DefaultLedger.FolderOf(Home.Of("mine.jsonl")).ShouldBe(Home.Path);
        DefaultLedger.FolderOf("off").ShouldBeNull();
        DefaultLedger.FolderOf("ledgers").ShouldBeNull();
        DefaultLedger.FolderOf(null).ShouldBe(DefaultLedger.StateFolder);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("mine.jsonl", true)]
    [InlineData("off", false)]
    [InlineData("ledgers", false)]
    public void A_sandbox_has_a_file_of_its_own(string setting, bool hasFile)
    {
        string given = hasFile ? Home.Of(setting) : setting;
        string? expected = hasFile ? Path.Combine(Home.Path, "sandbox-ledgers", "sandbox-127.0.0.1-5001.jsonl") : null;
        DefaultLedger.ForSandbox(given, new Uri("http://127.0.0.1:5001/v1")).ShouldBe(expected);
    }

    [Theory]
    [InlineData("~/ledgers")]
    [InlineData("~\\ledgers")]
    public void A_tilde_and_a_dot_are_resolved(string setting)
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        DefaultLedger.FolderOf(setting).ShouldBe(Path.Combine(home, "ledgers"));
        DefaultLedger.FolderOf(Home.Of(Path.Combine("no", "..", "state"))).ShouldBe(Home.Of("state"));
    }

    [Fact]
    public void A_setting_that_is_not_valid_is_refused_with_what_to_use()
    {
        const string Advice = " Use the full path of a folder, the full path of a file with the extension .jsonl, or 'off'.";
        string list = Home.Write("prompts.csv", "Prompt"u8);
        Refused("ledgers").ShouldBe("CHUIZI_LEDGER is not a full path: 'ledgers'." + Advice);
        Refused(" ~ ").ShouldBe("CHUIZI_LEDGER is not a full path: '~'." + Advice);
        Refused(list).ShouldBe($"CHUIZI_LEDGER is a file whose name does not end with .jsonl: '{list}'.{Advice}");

        static string Refused(string setting) => Should.Throw<ChuiziException>(() => DefaultLedger.ForMonth(setting, s_now)).Message;
    }

    [Fact]
    public void Forgetting_a_sandbox_does_nothing_without_a_folder()
    {
        Uri origin = new("http://127.0.0.1:5001");
        foreach (string setting in new[] { "off", "ledgers", Home.Of("none") })
        {
            DefaultLedger.ForgetSandbox(setting, origin, s_now);
        }

        Home.Names.ShouldBeEmpty();
    }

    [Fact]
    public void The_file_of_another_sandbox_is_deleted_after_a_week()
    {
        Uri origin = new("http://127.0.0.1:5001");
        string week = DefaultLedger.ForSandbox(Home.Path, new Uri("http://127.0.0.1:5002"))!;
        string longer = DefaultLedger.ForSandbox(Home.Path, new Uri("http://127.0.0.1:5003"))!;
        string folder = Directory.CreateDirectory(Path.GetDirectoryName(week)!).FullName;
        foreach ((string file, TimeSpan age) in new[] { (week, TimeSpan.FromDays(7)), (longer, TimeSpan.FromDays(7.01)) })
        {
            File.WriteAllText(file, "x");
            File.SetLastWriteTimeUtc(file, s_now - age);
        }

        DefaultLedger.ForgetSandbox(Home.Path, origin, s_now);
        Directory.GetFiles(folder).ShouldBe([week]);
    }

    [Fact]
    public void A_file_of_a_sandbox_that_cannot_be_deleted_is_left()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not restrict this user.");
        if (!OperatingSystem.IsWindows())
        {
            Uri origin = new("http://127.0.0.1:5001");
            string file = DefaultLedger.ForSandbox(Home.Path, origin)!;
            string folder = Directory.CreateDirectory(Path.GetDirectoryName(file)!).FullName;
            File.WriteAllText(file, "x");
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            try
            {
                Should.NotThrow(() => DefaultLedger.ForgetSandbox(Home.Path, origin, s_now));
                File.Exists(file).ShouldBeTrue();
            }
            finally
            {
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Fact]
    public void Forgetting_a_sandbox_touches_no_other_file()
    {
        string setting = Home.Of("state");
        Uri one = new("http://127.0.0.1:5001");
        string own = DefaultLedger.ForSandbox(setting, one)!;
        string another = DefaultLedger.ForSandbox(setting, new Uri("http://127.0.0.1:5002"))!;
        string old = DefaultLedger.ForSandbox(setting, new Uri("http://127.0.0.1:5003"))!;
        string folder = Path.GetDirectoryName(own)!;
        Directory.CreateDirectory(folder);
        string[] others = [another, Path.Combine(folder, "ledger-2020-01.jsonl"), Path.Combine(folder, "kite.mp4")];
        DateTime now = new(2026, 11, 28, 12, 0, 0, DateTimeKind.Utc);
        foreach (string file in others.Append(own).Append(old))
        {
            File.WriteAllText(file, "x");
            File.SetLastWriteTimeUtc(file, file == another || file == own ? now.AddDays(-2) : now.AddYears(-1));
        }

        DefaultLedger.ForgetSandbox(setting, one, now);

        Directory.GetFiles(folder).ShouldBe(others, ignoreOrder: true);
    }
}
