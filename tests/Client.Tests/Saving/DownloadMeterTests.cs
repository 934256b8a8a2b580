using System.Globalization;
using Chuizi.Video.Client.Saving;
using Chuizi.Video.Client.Tests.Support;
using Chuizi.Video.Sandbox;
using Shouldly;
using Xunit;

namespace Chuizi.Video.Client.Tests.Saving;

public sealed class DownloadMeterTests : DownloadTest
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void The_rate_is_the_average_of_the_last_ten_seconds()
    {
        DownloadMeter meter = new(_clock);
        using DownloadMeter.FileMeter file = meter.Begin();
        file.Start(0, 1_000_000);
        meter.Read(1).Rate.ShouldBeNull("there is no measurement yet");
        for (int second = 0; second < 40; second++)
        {
            // Nothing arrives for the first 30 s.
            file.Add(second < 30 ? 0 : 1000);
            _clock.Advance(TimeSpan.FromSeconds(1));
            meter.Read(1);
        }

        meter.Read(1).Rate.ShouldBe(1000);
    }

    [Fact]
    public void A_sample_counts_for_exactly_ten_seconds_and_the_last_one_always()
    {
        DownloadMeter meter = new(_clock);
        using DownloadMeter.FileMeter file = meter.Begin();
        file.Start(0, 1_000_000);
        file.Add(500);
        meter.Read(1);
        Receive(1000, 5).Rate.ShouldBe(200, "what arrived before the first sample does not count");
        Receive(3000, 5).Rate.ShouldBe(400, "4000 bytes in the last 10 s");
        Receive(1000, 25).Rate.ShouldBe(40, "1000 bytes since the last sample, 25 s ago");

        DownloadProgress Receive(int count, int seconds)
        {
            file.Add(count);
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            return meter.Read(1);
        }
    }

    [Fact]
    public void Nothing_to_divide_by_is_not_an_error()
    {
        DownloadMeter meter = new(_clock);
        meter.Read(0).ShouldBe(new DownloadProgress { Expected = 0 });
        using DownloadMeter.FileMeter file = meter.Begin();
        file.Start(0, 0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        meter.Read(1).ShouldBe(new DownloadProgress { Expected = 0, Rate = 0 }, "an empty file, of which nothing arrives");
    }

    [Fact]
    public void A_file_that_restarts_counts_once_in_the_average_length()
    {
        DownloadMeter meter = new(_clock);
        using DownloadMeter.FileMeter first = meter.Begin();
        using DownloadMeter.FileMeter second = meter.Begin();
        first.Start(0, 50_000);
        first.Start(0, 50_000);
        second.Start(0, 20_000);
        meter.Read(3).Expected.ShouldBe(50_000 + 20_000 + 35_000);
    }

    [Fact]
    public void A_file_of_unknown_length_counts_with_the_average_length_or_what_has_arrived()
    {
        DownloadMeter meter = new(_clock);
        using DownloadMeter.FileMeter known = meter.Begin();
        using DownloadMeter.FileMeter unknown = meter.Begin();
        unknown.Start(0, null);
        meter.Read(2).Expected.ShouldBeNull("no length is known");
        known.Start(0, 40_000);
        unknown.Add(10_000);
        meter.Read(3).Expected.ShouldBe(40_000 + 40_000 + 40_000);
        unknown.Add(50_000);
        meter.Read(3).Expected.ShouldBe(40_000 + 60_000 + 40_000);
    }

    [Fact]
    public void The_time_left_covers_all_files_at_the_current_rate()
    {
        DownloadMeter meter = new(_clock);
        meter.Read(null);
        using DownloadMeter.FileMeter first = meter.Begin();
        using DownloadMeter.FileMeter second = meter.Begin();
        first.Start(0, 40_000);
        second.Start(0, 60_000);
        first.Add(10_000);
        second.Add(10_000);
        _clock.Advance(TimeSpan.FromSeconds(2));

        DownloadProgress progress = meter.Read(unfinished: 4);

        progress.Bytes.ShouldBe(20_000);
        progress.Expected.ShouldBe(200_000, "two more files of the average known length of 50,000");
        progress.Rate.ShouldBe(10_000);
        progress.TimeLeft.ShouldBe(TimeSpan.FromSeconds(18));
        progress.Files.ShouldBe(0.25 + (1 / 6.0), 0.0001);
    }

    [Fact]
    public void Bytes_of_an_earlier_run_count_as_downloaded_but_not_for_the_rate()
    {
        DownloadMeter meter = new(_clock);
        meter.Read(null);
        using DownloadMeter.FileMeter file = meter.Begin();
        file.Start(90_000, 100_000);
        file.Add(1000);
        _clock.Advance(TimeSpan.FromSeconds(1));

        DownloadProgress progress = meter.Read(1);
        progress.Bytes.ShouldBe(91_000);
        progress.Rate.ShouldBe(1000);
        progress.TimeLeft.ShouldBe(TimeSpan.FromSeconds(9));
        meter.Bytes.ShouldBe(1000);
    }

    [Fact]
    public void A_file_that_restarts_or_fails_is_not_counted_twice()
    {
        DownloadMeter meter = new(_clock);
        using (DownloadMeter.FileMeter file = meter.Begin())
        {
            file.Start(0, 50_000);
            file.Add(40_000);
            file.Start(0, 50_000);
            meter.Read(1).Bytes.ShouldBe(0);
            meter.Read(2).Expected.ShouldBe(100_000);
        }

        meter.Read(0).ShouldSatisfyAllConditions(
            progress => progress.Bytes.ShouldBe(0), progress => progress.Expected.ShouldBe(0), progress => progress.Files.ShouldBe(0));
    }

    [Fact]
    public void Unknown_values_are_null()
    {
        DownloadMeter meter = new(_clock);
        meter.Read(null).ShouldBe(new DownloadProgress());
        using DownloadMeter.FileMeter file = meter.Begin();
        meter.Read(1).Expected.ShouldBeNull("the length is unknown");
        file.Start(0, 10);
        meter.Read(null).Expected.ShouldBeNull("the number of files is unknown");
        meter.Read(1).Expected.ShouldBe(10);
        meter.Read(1).TimeLeft.ShouldBeNull("nothing arrives");
    }

    [Fact]
    public async Task All_bytes_of_real_downloads_are_counted()
    {
        (SandboxServer server, Uri address) = await MakeAsync(300_000);
        server.Faults.Add(new SandboxFault { Kind = FaultKind.Truncated, Route = SandboxRoute.Media, At = 1000, Times = 2 });
        foreach (string name in new[] { "a.mp4", "b.mp4", "c.mp4" })
        {
            await Downloader().SaveAsync(new DownloadRequest(address, Target.Of(name)), Meter, CancellationToken.None);
        }

        long length = new FileInfo(Target.Of("a.mp4")).Length;
        Meter.Read(2).ShouldSatisfyAllConditions(
            progress => progress.Bytes.ShouldBe(3 * length),
            progress => progress.Expected.ShouldBe(5 * length),
            progress => progress.Files.ShouldBe(3));
    }

    [Theory]
    [InlineData(1_234_567L, 10_000_000L, 2_500_000.0, "1.2 of 10.0 MB, 2.5 MB/s")]
    [InlineData(0L, null, null, "0.0 MB")]
    public void Progress_is_formatted_as_one_line(long bytes, long? expected, double? rate, string line)
    {
        using InCulture culture = new(CultureInfo.InvariantCulture.Name);
        new DownloadProgress { Bytes = bytes, Expected = expected, Rate = rate }.ToString().ShouldBe(line);
    }
}
