using System.Collections;
using System.Globalization;
using System.Text;
using Chuizi.Video.Client.Ledger;
using CsCheck;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Ledger;

/// <summary>What Measure-ChuiziVideo adds up.</summary>
public sealed class SpendingReportTests : LedgerTest
{
    private static readonly string[] s_ends =
        ["processing", "succeeded", "failed", "unknown", "unanswered", "skipped", "found later", "accepted without an id"];

    private static readonly string?[] s_projects = [null, "", "Spring", "spring ", "Fall"];
    private static readonly string[] s_names = ["Model", "month", "Day", "Status", "Verdict", "PROJECT", "Duration"];

    [Theory]
    [InlineData(VideoStatus.Succeeded, "0.30", "0.25", "0.30", "0", 0)]
    [InlineData(VideoStatus.Succeeded, null, "0.25", "0", "0.25", 0)]
    [InlineData(VideoStatus.Succeeded, null, null, "0", "0", 1)]
    [InlineData(VideoStatus.Failed, "0.10", "0.25", "0.10", "0", 0)]
    [InlineData(VideoStatus.Failed, null, "0.25", "0", "0", 0)]
    [InlineData(VideoStatus.Failed, null, null, "0", "0", 0)]
    [InlineData(VideoStatus.Unknown, null, "0.25", "0", "0.25", 0)]
    [InlineData(VideoStatus.Unknown, null, null, "0", "0", 1)]
    [InlineData(VideoStatus.Processing, null, "0.25", "0", "0.25", 0)]
    [InlineData(VideoStatus.Processing, null, null, "0", "0", 1)]
    [InlineData(VideoStatus.Processing, "-1", null, "0", "0", 1)]
    [InlineData(VideoStatus.Processing, null, "-0.01", "0", "0", 1)]
    [InlineData(VideoStatus.Processing, null, "1000000000.01", "0", "0", 1)]
    [InlineData(VideoStatus.Processing, null, "0", "0", "0", 0)]
    [InlineData(VideoStatus.Succeeded, "0", "0.25", "0", "0", 0)]
    [InlineData(VideoStatus.Succeeded, "1000000000", "0.25", "1000000000", "0", 0)]
    [InlineData(VideoStatus.Succeeded, "1000000000.01", "0.25", "0", "0.25", 0)]
    [InlineData(VideoStatus.Succeeded, "79228162514264337593543950335", "0.25", "0", "0.25", 0)]
    public void An_amount_is_billed_or_open_or_named_as_unpriced(
        string status, string? cost, string? estimate, string billed, string open, int unpriced)
    {
        List<string> warnings = [];
        VideoSpending total = Of(
            warnings, new Video { Id = "vid-1", Status = status, Cost = Money(cost), EstimatedCost = Money(estimate) });
        (total.Count, total.Cost, total.OpenEstimate, total.Unpriced).ShouldBe((1, Money(billed) ?? 0, Money(open) ?? 0, unpriced));
        warnings.ShouldBe(
            unpriced == 0 ? [] : ["1 submission with neither a known cost nor an estimate: no amount includes vid-1."]);
    }

    [Fact]
    public void A_skipped_submission_is_not_counted() =>
        Of([], new Video { Status = VideoStatus.Skipped, EstimatedCost = 1 }).Count.ShouldBe(0);

    [Fact]
    public void The_cost_of_a_kept_video_includes_those_that_were_not_kept()
    {
        VideoSpending total = Of(
            [],
            Done("a", 0.3m, "Kept"),
            Done("b", 0.3m, "Rejected"),
            Done("c", 0.4m, null),
            new Video { Id = "d", Status = VideoStatus.Failed, Cost = 0.2m });
        (total.Kept, total.Rejected, total.Cost, total.CostPerVideo, total.CostPerKept).ShouldBe((1, 1, 1.2m, 0.4m, 1.2m));
        (Of([]).CostPerVideo, Of([]).CostPerKept).ShouldBe((null, null));
    }

    [Fact]
    public void Lengths_count_for_finished_videos_and_unknown_lengths_are_counted_separately()
    {
        Video unknown = Done("b", 1, null);
        unknown.Duration = null;
        VideoSpending total = Of([], Done("a", 1, null), unknown, new Video { Id = "c", Status = VideoStatus.Failed, Duration = 8 });
        (total.Seconds, total.SecondsUnknown).ShouldBe((4, 1));
    }

    [Fact]
    public void A_video_that_is_added_twice_counts_once_in_its_latest_state()
    {
        Video early = new() { Id = "a", Origin = Records.Api, EstimatedCost = 0.2m, Duration = 4, Model = "m" };
        Video late = new() { Id = "a", Origin = Records.Api, Status = VideoStatus.Succeeded, Cost = 0.3m };
        Video elsewhere = new() { Id = "a", Origin = Records.Elsewhere, Status = VideoStatus.Succeeded, Cost = 1 };
        foreach (Video[] order in new[] { new[] { early, late, elsewhere }, [late, elsewhere, early], [late, early, late, elsewhere] })
        {
            VideoSpending total = Of([], order);
            (total.Count, total.Succeeded, total.Open, total.Cost, total.OpenEstimate, total.Seconds).ShouldBe((2, 2, 0, 1.3m, 0, 4));
        }
    }

    [Fact]
    public void The_outcome_in_another_ledger_belongs_to_the_month_of_the_submission()
    {
        LedgerRecord settled = Records.Settled("vid-1", VideoStatus.Succeeded, 0.3m);
        settled.At = Records.Noon.AddMonths(1);
        Home.Write("first.jsonl", Records.Bytes(settled));
        Write(Records.Intent("e", estimate: 0.2m), Records.Submitted("e", "vid-1"));
        (IReadOnlyList<string?> keys, VideoSpending spending) = Read(["Month"], null, null, "first.jsonl", "run.jsonl").Single();
        (keys[0], spending.Count, spending.Cost).ShouldBe(("2026-01", 1, 0.3m));
    }

    [Fact]
    public void A_column_is_found_in_any_case_and_a_property_where_the_list_has_no_such_column()
    {
        LedgerRecord intent = Records.Intent("e");
        intent.Columns = new() { ["Prompt"] = null, ["Project"] = "Spring" };
        Write(intent, Records.Intent("f"));
        Read(["project", "PROMPT", "duration"], null, null, "run.jsonl").Select(group => string.Join('|', group.Keys))
            .ShouldBe(["Spring|A red kite|6", "|A red kite|6"]);
    }

    [Fact]
    public void A_column_that_no_submission_has_is_reported_with_the_closest_one()
    {
        LedgerRecord intent = Records.Intent("e", estimate: 1);
        intent.Columns = new() { ["Project"] = "Spring" };
        Write(intent);
        List<string> warnings = [];
        Read(["Projct"], null, null, warnings, "run.jsonl").Single().Keys.ShouldBe([null]);
        warnings.ShouldBe(["No submission has a column 'Projct'. Did you mean 'Project'?"]);
    }

    [Fact]
    public void A_submission_without_a_time_is_reported_where_the_time_matters()
    {
        List<string> warnings = [];
        SpendingReport report = new([], after: Records.Noon);
        report.Add(new Video { Id = "a", EstimatedCost = 1 }, new Hashtable());
        report.Total(warnings.Add).Single().Spending.Count.ShouldBe(0);
        warnings.ShouldBe(["Not counted: 1 submission whose time is not known."]);
    }

    [Fact]
    public void An_unreadable_ledger_does_not_hide_the_others()
    {
        Write(Records.Intent("e", estimate: 1));
        Home.Write("list.csv", "Prompt,Model\nA red kite,x\n"u8);
        List<(string, ChuiziErrorKind)> failures = [];
        Video[] videos =
        [
            .. LedgerListing.ReadSubmissions(
                [Home.Of("list.csv"), Home.Of("none.jsonl"), Home.Path, LedgerPath],
                _ => null,
                _ => throw new InvalidOperationException("Damage of a file that is not a ledger."),
                (path, exception) => failures.Add((path, exception.Kind)),
                default),
        ];
        videos.ShouldHaveSingleItem();
        failures.ShouldBe(
            [
                (Home.Of("list.csv"), ChuiziErrorKind.InvalidLedger),
                (Home.Of("none.jsonl"), ChuiziErrorKind.LedgerNotFound),
                (Home.Path, ChuiziErrorKind.LedgerUnavailable),
            ]);
    }

    [Trait("Speed", "Medium")]
    [Fact]
    public void Any_ledgers_add_up_to_the_same_as_a_list_of_their_submissions() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                Random random = new(seed);
                Fact[] facts = [.. Enumerable.Range(0, random.Next(1, 25)).Select(number => Fact.Draw(random, number))];
                string[] files = WriteFiles(random, facts);
                string[] by = [.. random.GetItems(s_names, random.Next(4)).Distinct()];
                DateTime? after = random.Next(3) == 0 ? Records.Noon.AddDays(random.Next(40)) : null;
                DateTime? before = random.Next(3) == 0 ? Records.Noon.AddDays(random.Next(20, 60)) : null;

                string[] found = [.. Read(by, after, before, files).Select(group => Describe(group.Keys, group.Spending))];

                found.Order(StringComparer.Ordinal).ShouldBe(
                    Oracle(facts, by, after, before).Order(StringComparer.Ordinal), $"seed {seed}, by {string.Join(',', by)}");
            },
            iter: 300,
            // Each run uses the same folder.
            threads: 1);

    [Fact]
    public void Groups_are_in_the_order_of_their_keys_and_those_without_a_value_come_last()
    {
        SpendingReport report = new(["Project", "Model"]);
        (string? Project, string? Model)[] rows =
            [(null, "b"), ("spring", "b"), ("Fall", null), ("SPRING", "a"), (null, "a"), ("fall", "c"), ("Spring", "B")];
        foreach ((string? project, string? model) in rows)
        {
            report.Add(new Video { Model = model }, new Hashtable { ["Project"] = project });
        }

        report.Total(_ => { }).Select(group => $"{group.Keys[0]}/{group.Keys[1]} {group.Spending.Count}")
            .ShouldBe(["fall/c 1", "Fall/ 1", "SPRING/a 1", "spring/b 2", "/a 1", "/b 1"]);
    }

    [Fact]
    public void A_time_is_counted_from_the_first_moment_until_just_before_the_end()
    {
        DateTime end = Records.Noon.AddDays(1);
        SpendingReport report = new(["Day", "Model", "month"], Records.Noon, end);
        foreach (DateTime time in new[] { Records.Noon.AddTicks(-1), Records.Noon, end.AddTicks(-1), end })
        {
            report.Add(new Video { Created = time, Model = "m" }, new Hashtable());
        }

        List<string> warnings = [];
        report.Total(warnings.Add).Select(group => $"{string.Join('|', group.Keys)} {group.Spending.Count}")
            .ShouldBe(["2026-01-02|m|2026-01 1", "2026-01-03|m|2026-01 1"]);
        warnings.Count.ShouldBe(1, "they have no amounts");
        new SpendingReport(["Day"]).Total(warnings.Add).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Submissions_without_a_time_count_only_if_the_time_does_not_matter(bool hasStart, bool hasEnd)
    {
        List<string> warnings = [];
        SpendingReport report = new(
            ["Month"], hasStart ? Records.Noon : null, hasEnd ? Records.Noon.AddYears(1) : null);
        report.Add(new Video { EstimatedCost = 1 }, new Hashtable());
        report.Add(new Video { EstimatedCost = 1, Created = default(DateTime) }, new Hashtable());
        report.Add(new Video { EstimatedCost = 1, Created = Records.Noon.ToLocalTime() }, new Hashtable());
        bool matters = hasStart || hasEnd;
        report.Total(warnings.Add).Select(group => (group.Keys[0], group.Spending.Count))
            .ShouldBe(matters ? [("2026-01", 1)] : [("2026-01", 1), (null, 2)]);
        warnings.ShouldBe(matters ? ["Not counted: 2 submissions whose time is not known."] : []);
    }

    [Theory]
    [InlineData(10, "")]
    [InlineData(11, " and 1 more")]
    public void At_most_ten_submissions_without_an_amount_are_named(int count, string more)
    {
        List<string> warnings = [];
        Of(
            warnings,
            [
                new Video { Row = 7 }, new Video { Status = VideoStatus.Unknown },
                .. Enumerable.Range(3, count - 2).Select(number => new Video { Id = $"vid-{number}" }),
            ]);
        warnings.ShouldBe(
        [
            $"{count} submissions with neither a known cost nor an estimate: no amount includes row 7, one without an id, vid-3, vid-4, "
                + $"vid-5, vid-6, vid-7, vid-8, vid-9, vid-10{more}.",
        ]);
    }

    [Fact]
    public void A_video_without_an_id_counts_once_for_each_object()
    {
        Video one = new() { EstimatedCost = 1 };
        Of([], one, new Video { EstimatedCost = 1 }, one).Count.ShouldBe(2);
    }

    [Fact]
    public void A_later_report_replaces_what_it_knows_and_keeps_the_rest()
    {
        Video first = new()
        {
            Id = "a", EstimatedCost = 0.2m, Duration = 4, Verdict = VideoVerdict.Kept, Created = Records.Noon, Status = VideoStatus.Unknown,
        };
        Video bare = new() { Id = "a", Status = VideoStatus.Processing };
        Video more = new()
        {
            Id = "a", Status = VideoStatus.Processing, EstimatedCost = 0.5m, Duration = 6, Verdict = VideoVerdict.Rejected,
            Created = Records.Noon.AddDays(1),
        };
        Video done = new() { Id = "a", Status = VideoStatus.Succeeded };
        Video billed = new() { Id = "a", Status = VideoStatus.Succeeded, Cost = 0.3m, Created = Records.Noon.AddDays(-1) };
        Video corrected = new() { Id = "a", Status = VideoStatus.Failed, Cost = 0.1m };
        Sum(first).ShouldBe("2026-01-02 spring: 0 of 0.2, 0 s, 1 0, unknown");
        Sum(first, bare).ShouldBe("2026-01-02 spring: 0 of 0.2, 0 s, 1 0, open");
        Sum(first, more).ShouldBe("2026-01-02 fall: 0 of 0.5, 0 s, 0 1, open");
        Sum(bare, more).ShouldBe("2026-01-03 fall: 0 of 0.5, 0 s, 0 1, open");
        Sum(first, done).ShouldBe("2026-01-02 spring: 0 of 0.2, 4 s, 1 0, succeeded");
        Sum(more, billed).ShouldBe("2026-01-01 fall: 0.3 of 0, 6 s, 0 1, succeeded");
        Sum(billed, more).ShouldBe("2026-01-01 fall: 0.3 of 0, 6 s, 0 1, succeeded");
        Sum(billed, corrected).ShouldBe("2026-01-01 : 0.1 of 0, 0 s, 0 0, failed");
        Sum(corrected, more).ShouldBe("2026-01-03 fall: 0.1 of 0, 0 s, 0 1, failed");
        Sum(billed, done).ShouldBe("2026-01-01 : 0.3 of 0, 0 s, 0 0, succeeded");

        string Sum(params Video[] videos)
        {
            SpendingReport report = new(["Day", "Project"]);
            foreach (Video video in videos)
            {
                Hashtable columns = new();
                if (video == first || video == more)
                {
                    columns["Project"] = video == first ? "spring" : "fall";
                }

                report.Add(video, columns);
            }

            (IReadOnlyList<string?> keys, VideoSpending total) = report.Total(_ => { }).Single();
            string status = total switch
            {
                { Succeeded: 1 } => "succeeded",
                { Failed: 1 } => "failed",
                { Unknown: 1 } => "unknown",
                _ => "open",
            };
            string decisions = $"{total.Kept} {total.Rejected}";
            return $"{keys[0]} {keys[1]}: {Text(total.Cost)} of {Text(total.OpenEstimate)}, {total.Seconds} s, {decisions}, {status}";
        }
    }

    [Fact]
    public void A_column_does_not_replace_what_the_video_itself_has()
    {
        Video video = new()
        {
            Model = "m", Status = VideoStatus.Failed, Verdict = VideoVerdict.Kept, Rating = 4, Take = 2, Duration = 6, Created = Records.Noon,
        };
        string[] by = ["Model", "Status", "verdict", "RATING", "Take", "Month", "DAY", "Duration"];
        Hashtable columns = new();
        Array.ForEach(by, name => columns[name] = "the list");
        Keys(by, video, columns).ShouldBe(["m", "failed", "Kept", "4", "2", "2026-01", "2026-01-02", "the list"]);
    }

    [Fact]
    public void A_column_is_read_as_text_and_a_blank_one_is_the_property_of_the_video()
    {
        using Support.InCulture culture = new("de-DE");
        Video video = new() { Duration = 6, Prompt = "A red kite", Resolution = "720P", Url = new Uri("https://media.chuizi.ai/a.mp4") };
        Hashtable columns = new()
        {
            ["Project"] = "  Spring ", ["Weight"] = 0.5, ["Tags"] = new object?[] { "a", 0.5, null }, ["Duration"] = " ", ["Prompt"] = null,
            ["resolution"] = "1080P", ["Empty"] = "",
        };
        List<string> warnings = [];
        string[] by = ["project", "Weight", "Tags", "Duration", "Prompt", "Resolution", "Empty", "Month", "Url"];
        Keys(by, video, columns, warnings).ShouldBe(["Spring", "0.5", "a;0.5;", "6", "A red kite", "1080P", null, null, null]);
        warnings.ShouldBe(["No submission has a column 'Url'."], "an address is not text to group by");
    }

    [Fact]
    public void A_column_of_exactly_this_name_is_preferred()
    {
        System.Collections.Specialized.OrderedDictionary columns = new() { ["project"] = "other case", ["Project"] = "same case" };
        Keys(["Project"], new Video(), columns).ShouldBe(["same case"]);
    }

    [Fact]
    public void A_missing_column_is_reported_only_if_there_are_submissions()
    {
        List<string> warnings = [];
        new SpendingReport(["Customer"]).Total(warnings.Add).ShouldBeEmpty();
        warnings.ShouldBeEmpty();
        Keys(["Customer", "Prompt", "Day"], new Video(), new Hashtable { ["Project"] = "Spring" }, warnings).ShouldBe([null, null, null]);
        warnings.ShouldBe(["No submission has a column 'Customer'."]);
    }

    [Fact]
    public void Columns_matter_for_names_that_are_no_keys()
    {
        SpendingReport.Keys.ShouldBe(["Model", "Month", "Day", "Status", "Verdict"]);
        string[][] names = [[], ["model", "DAY"], ["Model", "Project"], ["Project"]];
        names.Select(by => new SpendingReport(by).NeedsColumns).ShouldBe([false, false, true, true]);
    }

    [Fact]
    public void Of_an_intent_only_the_columns_to_group_by_are_kept_and_equal_ones_are_shared()
    {
        SpendingReport report = new(["Model", "PROJECT", "Text", "Missing"]);
        LedgerRecord kept = report.Keep(Intent("Spring")).ShouldNotBeNull();
        kept.Prompt.ShouldBeNull();
        kept.Columns.ShouldNotBeNull().OrderBy(column => column.Key, StringComparer.Ordinal).Select(column => (column.Key, column.Value))
            .ShouldBe([("PROJECT", "Spring"), ("Text", "A red kite")]);
        report.Keep(Intent("SPRING")).ShouldBeSameAs(kept);
        report.Keep(Intent("Fall")).ShouldNotBeNull().Columns.ShouldNotBeNull()["PROJECT"].ShouldBe("Fall");
        report.Keep(Records.Intent("e")).ShouldNotBeNull().Columns.ShouldNotBeNull().ShouldBeEmpty();

        static LedgerRecord Intent(string project)
        {
            LedgerRecord intent = Records.Intent("e");
            intent.Columns = new() { ["Model"] = "the list", ["Project"] = project, ["Text"] = null, ["Other"] = "x" };
            return intent;
        }
    }

    [Fact]
    public void An_intent_is_kept_as_a_whole_if_a_property_of_the_video_may_replace_a_column()
    {
        LedgerRecord intent = Records.Intent("e");
        new SpendingReport(["Project", "Prompt"]).Keep(intent).ShouldBeSameAs(intent);
        new SpendingReport(["Model", "Status"]).Keep(intent).ShouldBeNull();
        new SpendingReport([]).Keep(intent).ShouldBeNull();
    }

    private static IReadOnlyList<string?> Keys(string[] by, Video video, IDictionary columns, List<string>? warnings = null)
    {
        SpendingReport report = new(by);
        video.EstimatedCost = 1;
        report.Add(video, columns);
        return report.Total(warning => warnings?.Add(warning)).Single().Keys;
    }

    private static Video Done(string id, decimal cost, string? verdict) =>
        new() { Id = id, Status = VideoStatus.Succeeded, Cost = cost, Verdict = verdict, Duration = 4 };

    private static decimal? Money(string? text) => text is null ? null : decimal.Parse(text, CultureInfo.InvariantCulture);

    private static VideoSpending Of(List<string> warnings, params Video[] videos)
    {
        SpendingReport report = new([]);
        Array.ForEach(videos, video => report.Add(video, new Hashtable()));
        return report.Total(warnings.Add).Single().Spending;
    }

    /// <summary>Independent of the code under test: the figures of the facts, by LINQ.</summary>
    private static IEnumerable<string> Oracle(Fact[] facts, string[] by, DateTime? after, DateTime? before)
    {
        IEnumerable<Fact> counted = facts.Where(fact =>
            fact.End != "skipped" && (after is null || fact.Time >= after) && (before is null || fact.Time < before));
        IEnumerable<IGrouping<string, Fact>> groups = counted.GroupBy(fact =>
            string.Join('|', by.Select(name => fact.Key(name) ?? "")).ToUpperInvariant());
        return by.Length == 0 && !counted.Any()
            ? [Describe([], new VideoSpending())]
            : groups.Select(group =>
            {
                Fact[] all = [.. group];
                decimal cost = all.Sum(fact => fact.Billed ?? 0);
                Fact[] open = [.. all.Where(fact => fact.Billed is null && fact.Status != "failed")];
                int kept = all.Count(fact => fact.Verdict == "Kept");
                int succeeded = all.Count(fact => fact.Status == "succeeded");
                return string.Create(CultureInfo.InvariantCulture, $"{group.Key}: {all.Length} {succeeded} ")
                    + $"{all.Count(fact => fact.Status == "failed")} {all.Count(fact => fact.Status == "unknown")} "
                    + $"{all.Count(fact => fact.Status == "processing")} {kept} {all.Count(fact => fact.Verdict == "Rejected")} "
                    + $"{all.Where(fact => fact.Status == "succeeded").Sum(fact => fact.Duration ?? 0)} "
                    + $"{all.Count(fact => fact.Status == "succeeded" && fact.Duration is null)} "
                    + $"{Text(cost)} {Text(open.Sum(fact => fact.Estimate ?? 0))} {open.Count(fact => fact.Estimate is null)} "
                    + $"{Text(succeeded == 0 ? null : cost / succeeded)} {Text(kept == 0 ? null : cost / kept)}";
            });
    }

    private static string Describe(IReadOnlyList<string?> keys, VideoSpending total) =>
        $"{string.Join('|', keys).ToUpperInvariant()}: {total.Count} {total.Succeeded} {total.Failed} {total.Unknown} {total.Open} "
        + $"{total.Kept} {total.Rejected} {total.Seconds} {total.SecondsUnknown} {Text(total.Cost)} {Text(total.OpenEstimate)} "
        + $"{total.Unpriced} {Text(total.CostPerVideo)} {Text(total.CostPerKept)}";

    private static string Text(decimal? amount) => amount?.ToString("0.############################", CultureInfo.InvariantCulture) ?? "-";

    private IReadOnlyList<(IReadOnlyList<string?> Keys, VideoSpending Spending)> Read(
        string[] by, DateTime? after, DateTime? before, params string[] files) => Read(by, after, before, [], files);

    private IReadOnlyList<(IReadOnlyList<string?> Keys, VideoSpending Spending)> Read(
        string[] by, DateTime? after, DateTime? before, List<string> warnings, params string[] files)
    {
        SpendingReport report = new(by, after, before);
        foreach (
            Video video in LedgerListing.ReadSubmissions(
                [.. files.Select(Home.Of)], report.Keep, _ => { }, (_, exception) => throw exception, default))
        {
            report.Add(video, video.Input as IDictionary ?? new Hashtable());
        }

        return report.Total(warnings.Add);
    }

    /// <summary>Writes ledgers that record the facts: several, merged, copied early, damaged, and in any order.</summary>
    private string[] WriteFiles(Random random, Fact[] facts)
    {
        List<string>[] ledgers = [[], []];
        foreach (Fact fact in facts)
        {
            ledgers[random.Next(2)].AddRange(fact.Lines(random).Select(line => Records.Text(line).TrimEnd('\n')));
        }

        Dictionary<string, IEnumerable<string>> files = new() { ["a"] = ledgers[0], ["b"] = ledgers[1] };
        List<string> all = [.. ledgers[0], .. ledgers[1]];
        if (random.Next(2) == 0)
        {
            files["early-copy"] = all.Take(random.Next(all.Count + 1));
        }

        if (random.Next(2) == 0)
        {
            files["merged"] = all;
        }

        if (random.Next(2) == 0)
        {
            // A file without a single whole line is not a ledger.
            files["damaged-copy"] = all.Take(1).Concat(all.Select(line => random.Next(3) == 0 ? line[..random.Next(line.Length)] : line));
        }

        if (random.Next(2) == 0)
        {
            files["outcomes"] = all.Where(line => line.StartsWith("""{"step":"settled","id":""", StringComparison.Ordinal));
        }

        foreach ((string name, IEnumerable<string> lines) in files)
        {
            string noise = random.Next(4) == 0 ? "{\"step\":\"intent\nnonsense\n" : "";
            Home.Write($"{name}.jsonl", Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")) + noise));
        }

        string[] order = [.. files.Keys.Where(name => files[name].Any()).Select(name => $"{name}.jsonl")];
        random.Shuffle(order);
        return order;
    }

    /// <summary>One submission, as it really was.</summary>
    private sealed record Fact(string Name, string End, DateTime Time, string Model, int? Duration, decimal? Estimate, string? Project)
    {
        private string _again = "";
        private string? _key;

        public string? Verdict { get; private set; }

        public decimal? Billed { get; private init; }

        public string Status => End switch
        {
            "found later" => "succeeded",
            "unanswered" or "accepted without an id" => "unknown",
            _ => End,
        };

        public static Fact Draw(Random random, int number)
        {
            string end = s_ends[random.Next(s_ends.Length)];
            // The amounts have eight decimal places, as the API returns them.
            return new Fact(
                $"{Records.DeadRun}-{number}",
                end,
                Records.Noon.AddDays(random.Next(60)).AddSeconds(random.Next(86_400)),
                $"m{random.Next(2)}",
                random.Next(4) == 0 ? null : random.Next(4, 9),
                random.Next(3) == 0 ? null : random.Next(1_000_000) / 100_000_000m,
                s_projects[random.Next(s_projects.Length)])
            {
                Billed = end is "succeeded" or "failed" or "found later" && random.Next(3) > 0
                    ? random.Next(100_000_000) / 100_000_000m
                    : null,
                // Some repeat an earlier submission, and some ledgers have equal rows.
                _again = random.Next(3) == 0 && number > 0 ? $"{Records.DeadRun}-{random.Next(number)}" : "",
                _key = random.Next(3) == 0 ? null : RowKey.Of($"1-{random.Next(4)}", 1),
            };
        }

        public string? Key(string name) => name switch
        {
            "Model" => Model,
            "month" => Time.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            "Day" => Time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "Status" => Status,
            "Verdict" => Verdict,
            "Duration" => Duration?.ToString(CultureInfo.InvariantCulture),
            _ => Project?.Trim(),
        };

        /// <summary>Its lines, as runs and users write them.</summary>
        public IEnumerable<LedgerRecord> Lines(Random random)
        {
            LedgerRecord intent = Records.Intent(Name, _key, Estimate, again: _again.Length == 0 ? null : _again);
            (intent.At, intent.Model, intent.Duration) = (Time, Model, Duration);
            intent.Columns = Project is null ? null : new() { ["Prompt"] = null, ["Project"] = Project };
            yield return intent;
            string id = $"vid-{Name}";
            if (End is "unknown" or "skipped")
            {
                yield return With(Records.Ended(Name, End));
            }
            else if (End == "accepted without an id")
            {
                LedgerRecord accepted = Records.Submitted(Name, id);
                (accepted.Id, accepted.Created, accepted.Model) = (null, Time, Model);
                yield return accepted;
            }
            else if (End != "unanswered")
            {
                LedgerRecord submitted = Records.Submitted(Name, id);
                (submitted.Created, submitted.Model) = (Time, Model);
                yield return submitted;
                if (End == "found later")
                {
                    yield return With(Records.Settled(id, "unknown"));
                }

                if (End != "processing")
                {
                    yield return With(Records.Settled(id, Status, Billed));
                }

                int[] minutes = [.. Enumerable.Range(1, random.Next(4))];
                random.Shuffle(minutes);
                foreach (int minute in minutes)
                {
                    string verdict = random.GetItems(["Kept", "Rejected", "None"], 1)[0];
                    Verdict = minute == minutes.Max() ? verdict == "None" ? null : verdict : Verdict;
                    yield return new LedgerRecord
                    {
                        Step = LedgerStep.Reviewed,
                        Id = id,
                        Origin = Records.Api,
                        At = Records.Noon,
                        Decided = Records.Noon.AddMinutes(minute),
                        Verdict = verdict,
                    };
                }
            }
        }

        private LedgerRecord With(LedgerRecord settled)
        {
            (settled.Model, settled.At) = (Model, Time.AddDays(31));
            return settled;
        }
    }
}
