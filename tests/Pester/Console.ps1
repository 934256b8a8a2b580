# Runs one script after another, each in a new runspace, so that tests that do not need a new process avoid the cost of one.
# Each input line is JSON: the script, its folder, environment variables, and the line that ends its output.
$startFolder = [Environment]::CurrentDirectory
[Console]::SetError([Console]::Out)
while ($line = [Console]::In.ReadLine()) {
    $run = $line | ConvertFrom-Json -AsHashtable
    $before = @{}
    foreach ($name in $run.Environment.Keys) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $run.Environment[$name])
    }

    [Environment]::CurrentDirectory = $run.Folder
    $runspace = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $runspace.Open()
    $shell = [powershell]::Create($runspace)
    $code = 0
    try {
        $null = $shell.AddScript('param($script, $folder) Set-Location -LiteralPath $folder; . ([scriptblock]::Create($script))').AddArgument($run.Script).AddArgument($run.Folder)
        $null = $shell.AddCommand('Out-Default')
        $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
        $null = $shell.Invoke()
        $code = $runspace.SessionStateProxy.GetVariable('LASTEXITCODE') ?? 0
    }
    catch {
        # A terminating error gives the exit code 1, as in a separate process.
        $Host.UI.WriteErrorLine("$($_.Exception.InnerException.ErrorRecord ?? $_)")
        $code = 1
    }
    finally {
        $shell.Dispose()
        $runspace.Dispose()
        # Windows cannot delete the current folder of a process.
        [Environment]::CurrentDirectory = $startFolder
        $before.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $before[$_]) }
    }

    [Console]::Out.WriteLine("$($run.End) $code")
}
