/// Pools of kind gogs.
package packhorse.it.gogs;
