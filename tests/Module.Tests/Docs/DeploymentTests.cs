using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Chuizi.Video.Module.Tests.Docs;

/// <summary>
/// Checks that the manifests in examples/ are valid for the systems that read them, and that their scripts call existing commands.
/// </summary>
public sealed partial class DeploymentTests : IDisposable
{
    private readonly Shell _shell = new(connect: false);

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void The_Kubernetes_job_has_a_pod_per_part_and_retries_all_failures_but_exit_code_3()
    {
        YamlNode job = Yaml.Read("examples/kubernetes-job.yaml");
        (job.Text("apiVersion"), job.Text("kind"), job.Text("spec/completionMode")).ShouldBe(("batch/v1", "Job", "Indexed"));
        job.Text("spec/parallelism").ShouldBe(job.Text("spec/completions"));
        // Rules for exit codes, and failure limits per index, require this restart policy.
        job.Text("spec/template/spec/restartPolicy").ShouldBe("Never");
        job.Text("spec/podReplacementPolicy").ShouldBe("Failed");
        Number(job.Text("spec/backoffLimitPerIndex")).ShouldBeGreaterThan(0);
        Number(job.Text("spec/template/spec/terminationGracePeriodSeconds")).ShouldBeGreaterThan(10);

        YamlNode container = job.Items("spec/template/spec/containers").ShouldHaveSingleItem();
        YamlNode failIndex = job.Items("spec/podFailurePolicy/rules").Single(rule => rule.Text("action") == "FailIndex");
        failIndex.Text("onExitCodes/containerName").ShouldBe(container.Text("name"));
        failIndex.Texts("onExitCodes/values").ShouldBe(["3"], "2 is to be tried again, and 0 is no failure");
        container
            .Items("env")
            .Single(variable => variable.Text("name") == "CHUIZI_API_KEY")
            .Text("valueFrom/secretKeyRef/name")
            .ShouldNotBeEmpty();
        string volume = container.Items("volumeMounts").ShouldHaveSingleItem().Text("name");
        job.Items("spec/template/spec/volumes")
            .Single(item => item.Text("name") == volume)
            .Text("persistentVolumeClaim/claimName")
            .ShouldNotBeEmpty();

        container.Texts("command").ShouldBe(["pwsh", "-NoProfile", "-NonInteractive", "-Command"]);
        string script = container.Texts("args").ShouldHaveSingleItem();
        script.ShouldContain("$env:JOB_COMPLETION_INDEX");
        script.ShouldContain($"Count = {job.Text("spec/completions")} ");
        script.TrimEnd().ShouldEndWith("exit $LASTEXITCODE");
        string mount = container.Text("volumeMounts/0/mountPath");
        BatchCall call = CheckScript(script);
        call.Paths.ShouldAllBe(path => path.StartsWith(mount + "/", StringComparison.Ordinal));
        call.Deadline.ShouldBeLessThan(TimeSpan.FromSeconds(Number(job.Text("spec/activeDeadlineSeconds"))));
    }

    [Fact]
    public void The_GitHub_workflow_has_a_job_per_part_and_never_continues_without_its_ledger()
    {
        YamlNode workflow = Yaml.Read("examples/github-matrix.yml");
        YamlNode part = workflow.At("jobs/part");
        string[] indices = part.Texts("strategy/matrix/index");
        indices.ShouldBe(Enumerable.Range(0, indices.Length).Select(index => index.ToString(CultureInfo.InvariantCulture)));
        part.Text("strategy/fail-fast").ShouldBe("false");
        workflow.Text("concurrency/cancel-in-progress").ShouldBe("false");

        IReadOnlyList<YamlNode> steps = part.Items("steps");
        YamlNode take = Step(steps, "actions/cache/restore@");
        YamlNode keep = Step(steps, "actions/cache/save@");
        take.Text("with/fail-on-cache-miss").ShouldContain("inputs.first");
        take.Text("with/path").ShouldBe(keep.Text("with/path"));
        take.Text("with/key").ShouldBe(keep.Text("with/key"));
        take.Text("with/key").ShouldStartWith(take.Text("with/restore-keys"), Case.Sensitive, "the last run's is found");
        keep.Text("if").ShouldBe("always()");
        Step(steps, "actions/upload-artifact@").Text("if").ShouldBe("always()");

        YamlNode make = steps.Single(step => Has(step, "run"));
        (make.Text("shell"), make.Text("env/CHUIZI_API_KEY")).ShouldBe(("pwsh", "${{ secrets.CHUIZI_API_KEY }}"));
        make.Text("run").ShouldNotContain("${{", Case.Sensitive, "what is put into a script is not checked by anybody");
        make.Text("run").ShouldContain($"-Count {indices.Length} ");
        CheckScript(make.Text("run")).Deadline.ShouldBeLessThan(TimeSpan.FromMinutes(Number(part.Text("timeout-minutes")) - 10));

        workflow.Text("jobs/together/needs").ShouldBe("part");
        ScriptCommands together = new(workflow.Items("jobs/together/steps").Single(step => Has(step, "run")).Text("run"));
        together.Mistakes.ShouldBeEmpty();
        together.Unknown(Module()).ShouldBeEmpty();
    }

    [Trait("Speed", "Slow")]
    [Fact]
    public void The_systemd_units_are_valid_and_allow_the_script_enough_time()
    {
        string service = File.ReadAllText(Repository.PathOf("examples", "chuizi-video.service"));
        string command = Setting(service, "ExecStart");
        string script = command[(command.IndexOf("-File ", StringComparison.Ordinal) + "-File ".Length)..];
        CheckScript($"./{script}; exit $LASTEXITCODE")
            .Deadline.ShouldBeLessThan(
                TimeSpan.FromMinutes(Number(Setting(service, "TimeoutStartSec").Replace("min", "", StringComparison.Ordinal)) - 5));
        Setting(service, "SuccessExitStatus").ShouldBe("2");
        Number(Setting(service, "TimeoutStopSec").TrimEnd('s')).ShouldBeGreaterThan(10);

        Assert.SkipUnless(
            ChildProcess.IsOnPath("systemd-analyze"),
            "The units were read, and not verified: systemd-analyze is not installed.");
        // systemd-analyze requires that the program to start exists.
        File.WriteAllText(
            Path.Combine(_shell.Folder, "chuizi-video.service"),
            service.Replace("/usr/bin/pwsh", "/bin/sh", StringComparison.Ordinal));
        File.Copy(Repository.PathOf("examples", "chuizi-video.timer"), Path.Combine(_shell.Folder, "chuizi-video.timer"));
        foreach (string unit in new[] { "chuizi-video.service", "chuizi-video.timer" })
        {
            ChildResult run = ChildProcess.Run(
                ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", Path.Combine(_shell.Folder, unit)],
                _shell.Folder);
            run.ExitCode.ShouldBe(0, run.Text);
            run.Errors.Split('\n').ShouldNotContain(line => line.Contains(_shell.Folder, StringComparison.Ordinal), run.Text);
        }
    }

    private static YamlNode Step(IEnumerable<YamlNode> steps, string action) =>
        steps.Single(step => Has(step, "uses") && step.Text("uses").StartsWith(action, StringComparison.Ordinal));

    private static bool Has(YamlNode node, string key) => ((YamlMappingNode)node).Children.ContainsKey(key);

    private static string Setting(string unit, string name) =>
        Regex.Match(unit, $"^{name}=(.*)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups[1].Value.Trim();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Checks that a script parses, uses existing cmdlets and parameters, and calls examples/batch.ps1 once.</summary>
    private BatchCall CheckScript(string script)
    {
        ScriptCommands commands = new(script);
        commands.Mistakes.ShouldBeEmpty();
        commands.Unknown(Module()).ShouldBeEmpty();
        string[] known =
        [
            .. _shell
                .Run("(Get-Command Invoke-ChuiziVideoBatch).Parameters.Keys")
                .ShouldBeClean()
                .Output.Select(name => name.ToString()!),
        ];
        commands.ParametersOf("batch.ps1").ShouldBeSubsetOf(known);
        string call = script.Split('\n').Single(line => line.Contains("batch.ps1", StringComparison.Ordinal));
        return new BatchCall(
            TimeSpan.Parse(DeadlineOf().Match(call).Groups["it"].Value, CultureInfo.InvariantCulture),
            [.. DataPath().Matches(call).Select(match => match.Groups["it"].Value)]);
    }

    private Dictionary<string, CmdletInfo> Module() => _shell.Run("Get-Command -Module Chuizi.Video").ShouldBeClean().Output
        .Select(item => (CmdletInfo)item.BaseObject).ToDictionary(cmdlet => cmdlet.Name, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"-Deadline (?<it>[\d:]+)", RegexOptions.NonBacktracking)]
    private static partial Regex DeadlineOf();

    [GeneratedRegex("-(?:Path|Destination|Ledger) \"?(?<it>[^ \"]+)", RegexOptions.NonBacktracking)]
    private static partial Regex DataPath();

    private sealed record BatchCall(TimeSpan Deadline, string[] Paths);
}
